import { redirect } from "next/navigation";

/** The portal begins with one's own work. */
export default function HomePage(): never {
  redirect("/work");
}

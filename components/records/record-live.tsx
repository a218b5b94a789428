"use client";

import { useRouter } from "next/navigation";
import { useLive } from "@/components/ui/use-live";

/** Keeps the page of a record true: it is rendered anew when somebody, or a step, saved the record. */
export function RecordLive({ recordId }: { recordId: string }) {
  const router = useRouter();
  useLive([`record:${recordId}`], () => router.refresh());
  return null;
}

import { Alert } from "@mantine/core";

/** Why a form was refused, above its fields and read out at once; nothing while there is nothing to say. */
export function FormMessage({ text }: { text: string | null }) {
  return text ? (
    <Alert role="alert" color="red" variant="light">
      {text}
    </Alert>
  ) : null;
}

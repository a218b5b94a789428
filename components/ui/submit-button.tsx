import { Button, type ButtonProps } from "@mantine/core";
import type { ReactNode } from "react";

/** Sends the form it stands in. While that goes on it stays focusable, says so, and does nothing twice. */
export function SubmitButton({
  isPending,
  children,
  ...props
}: ButtonProps & { isPending: boolean; children: ReactNode }) {
  return (
    <Button type="submit" loading={isPending} aria-busy={isPending} {...props}>
      {children}
    </Button>
  );
}

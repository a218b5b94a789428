import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** The reader's password, where a process asks for it at each decision. */
export const PasswordAgain = (props: PasswordInputProps) => (
  <PasswordInput
    label="Your password, again"
    description="This process asks for it at each decision."
    autoComplete="current-password"
    maw={320}
    required
    {...props}
  />
);

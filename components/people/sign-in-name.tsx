import { TextInput, type TextInputProps } from "@mantine/core";

/** The field in which somebody who is not signed in says who they are. */
export function SignInName({
  name,
  onName,
  ...more
}: Omit<TextInputProps, "name" | "value" | "onChange"> & { name: string; onName: (name: string) => void }) {
  return (
    <TextInput
      label="Username or e-mail address"
      name="name"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      maxLength={254}
      value={name}
      onChange={(event) => onName(event.currentTarget.value)}
      {...more}
    />
  );
}

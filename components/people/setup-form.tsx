"use client";

import { PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { ErrorSummary } from "@/components/ui/error-summary";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { setUp } from "@/lib/people/actions";
import { MIN_PASSWORD_CHARACTERS } from "@/lib/people/schema";
import { sendCredentials } from "./send-credentials";

const LABELS: Readonly<Record<string, string>> = {
  name: "Name",
  username: "Username",
  email: "E-mail address",
  password: "Password",
};

/** Makes the first admin and signs them in. */
export function SetupForm({ token }: { token: string }) {
  const [message, setMessage] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: "", username: "", email: "", password: "" } });
  const enter = async () => {
    const { username, password } = form.getValues();
    await sendCredentials("password", { name: username, password });
    window.location.assign("/");
  };
  const act = useAct(setUp, { onDone: () => void enter(), onRefused: (refusal) => setMessage(refusal.message) });
  const field = (name: keyof typeof LABELS & string) => ({
    id: name,
    name,
    label: LABELS[name],
    required: true,
    withAsterisk: false,
    error: act.errors[name],
    ...form.getInputProps(name),
  });
  return (
    <form
      method="dialog"
      onSubmit={form.onSubmit((values) => {
        setMessage(null);
        void act.run({ ...values, token });
      })}
      aria-label="First administrator"
    >
      <Stack gap="md">
        <FormMessage text={act.problems.length === 0 ? message : null} />
        <ErrorSummary problems={act.problems} labelOf={(path) => LABELS[path] ?? null} />
        <TextInput {...field("name")} autoComplete="name" autoFocus />
        <TextInput
          {...field("username")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          description="For signing in: letters, digits, dots, dashes, underscores."
        />
        <TextInput {...field("email")} type="email" autoComplete="email" />
        <PasswordInput
          {...field("password")}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          description={`At least ${MIN_PASSWORD_CHARACTERS} characters; 15 or more are better.`}
        />
        <SubmitButton isPending={act.isPending} fullWidth size="md">
          Create the administrator
        </SubmitButton>
      </Stack>
    </form>
  );
}

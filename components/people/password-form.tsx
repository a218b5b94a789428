"use client";

import { Alert, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { SubmitButton } from "@/components/ui/submit-button";
import { sendCredentials } from "./send-credentials";

/** Name and password. A refusal is said above the fields, and the password field is chosen for another try. */
export function PasswordForm({
  name: known = "",
  onSignedIn,
  label = "Sign in",
}: {
  name?: string;
  onSignedIn: (name: string) => void;
  label?: string;
}) {
  const [name, setName] = useState(known);
  const [password, setPassword] = useState("");
  const [message, setMessage] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    setPending(true);
    const outcome = await sendCredentials("password", { name, password });
    if (outcome.ok) return onSignedIn(name);
    setPending(false);
    setMessage(outcome.message);
    field.current?.select();
  };
  return (
    <form onSubmit={submit} aria-label="Sign in with a password">
      <Stack gap="md">
        {message && (
          <Alert role="alert" color="red" variant="light">
            {message}
          </Alert>
        )}
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
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus={known ? undefined : true}
          autoFocus={!known}
        />
        <PasswordInput
          ref={field}
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          maxLength={128}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus={known ? true : undefined}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        <SubmitButton isPending={isPending} fullWidth size="md">
          {label}
        </SubmitButton>
      </Stack>
    </form>
  );
}

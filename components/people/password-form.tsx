"use client";

import { PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { sendCredentials } from "./send-credentials";
import { SignInName } from "./sign-in-name";

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
    // As long as the page's code has not come, what is sent goes nowhere, instead of into the address, password and all.
    <form onSubmit={submit} method="dialog" aria-label="Sign in with a password">
      <Stack gap="md">
        <FormMessage text={message} />
        <SignInName name={name} onName={setName} data-autofocus={known ? undefined : true} autoFocus={!known} />
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

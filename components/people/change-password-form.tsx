"use client";

import { Card, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { changePassword } from "@/lib/people/actions";
import { MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS } from "@/lib/people/schema";

const EMPTY = { present: "", password: "" };

/** A new password, with the present one where there is one to ask for. */
export function ChangePasswordForm({ needsPresent, username }: { needsPresent: boolean; username: string }) {
  const [message, setMessage] = useState<string | null>(null);
  const form = useForm({ initialValues: EMPTY });
  const act = useAct(changePassword, {
    success: "Your password is changed, and your other sessions are signed out.",
    onDone: () => form.setValues(EMPTY),
    onRefused: (refusal) => setMessage(refusal.message),
  });
  const eye = {
    visibilityToggleButtonProps: { "aria-label": "Show the password" },
    maxLength: MAX_PASSWORD_CHARACTERS,
    required: true,
    withAsterisk: false,
  } as const;
  return (
    <Card padding="lg" component="section" aria-labelledby="password-title">
      <form
        method="dialog"
        onSubmit={form.onSubmit((values) => {
          setMessage(null);
          void act.run(values);
        })}
      >
        <Stack gap="md" maw={460}>
          <Title order={2} id="password-title">
            Password
          </Title>
          <FormMessage text={message} />
          <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
          {needsPresent ? (
            <PasswordInput
              label="Present password"
              autoComplete="current-password"
              error={act.errors.present}
              {...eye}
              {...form.getInputProps("present")}
            />
          ) : (
            <Text fz="sm" c="dimmed">
              You signed in by a mailed link, so your present password is not asked for.
            </Text>
          )}
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            error={act.errors.password}
            {...eye}
            {...form.getInputProps("password")}
            description={`${MIN_PASSWORD_CHARACTERS} to ${MAX_PASSWORD_CHARACTERS} characters of any kind; 15 or more are better.`}
          />
          <SubmitButton isPending={act.isPending} style={{ alignSelf: "start" }}>
            Change the password
          </SubmitButton>
        </Stack>
      </form>
    </Card>
  );
}

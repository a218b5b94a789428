"use client";

import { PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createCredential, replaceSecret } from "@/lib/connect/actions/connections";
import type { CredentialKind } from "@/lib/connect/schema/connection";

const KINDS: readonly { value: CredentialKind; label: string }[] = [
  { value: "bearer", label: "Bearer token" },
  { value: "basic", label: "User and password" },
  { value: "header", label: "Header" },
];
const SECRET_LABELS: Readonly<Record<CredentialKind, string>> = {
  bearer: "Token",
  basic: "Password",
  header: "Value of the header",
};

const FIRST = { label: "", origin: "", secret: "", username: "", headerName: "" };

export function CredentialForm({ onDone }: { onDone: () => void }) {
  const router = useRouter();
  const [kind, setKind] = useState<CredentialKind>("bearer");
  const [draft, setDraft] = useState(FIRST);
  const [message, setMessage] = useState<string | null>(null);
  const act = useAct(createCredential, {
    success: `${draft.label} is kept.`,
    onRefused: (refusal) => setMessage(refusal.problems.length > 0 ? null : refusal.message),
    onDone: () => {
      onDone();
      router.refresh();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { username, headerName, ...common } = draft;
    const asked = {
      basic: { ...common, kind, username },
      header: { ...common, kind, headerName },
      bearer: { ...common, kind },
    };
    void act.run(asked[kind]);
  };
  const text = (name: keyof typeof FIRST) => ({
    value: draft[name],
    error: act.errors[name],
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) =>
      setDraft({ ...draft, [name]: event.currentTarget.value }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormMessage text={message} />
        <TextInput label="Label" data-autofocus maxLength={80} {...text("label")} />
        <TextInput
          label="Server"
          description="It is sent there and nowhere else, e.g. https://api.example.com"
          inputMode="url"
          maxLength={300}
          {...text("origin")}
        />
        <Stack gap={6}>
          <Text fz="sm" fw={600} id="credential-kind">
            Sent as
          </Text>
          <SegmentedControl
            aria-labelledby="credential-kind"
            data={[...KINDS]}
            value={kind}
            onChange={(value) => setKind(KINDS.find((one) => one.value === value)?.value ?? "bearer")}
          />
        </Stack>
        {kind === "basic" && <TextInput label="User name" maxLength={200} {...text("username")} />}
        {kind === "header" && (
          <TextInput label="Header" placeholder="X-Api-Key" maxLength={100} {...text("headerName")} />
        )}
        <PasswordInput label={SECRET_LABELS[kind]} maxLength={4_000} {...text("secret")} autoComplete="new-password" />
        <SubmitButton isPending={act.isPending}>Keep the credential</SubmitButton>
      </Stack>
    </form>
  );
}

/** Puts another secret in the place of the one that nobody can read. */
export function SecretForm({ credentialId, onDone }: { credentialId: string; onDone: () => void }) {
  const router = useRouter();
  const [secret, setSecret] = useState("");
  const act = useAct(replaceSecret, {
    success: "The new secret is used from the next call on.",
    onDone: () => {
      onDone();
      router.refresh();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run({ credentialId, secret });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <PasswordInput
          label="New secret"
          description="The one that is there now cannot be shown; this one takes its place."
          data-autofocus
          autoComplete="new-password"
          maxLength={4_000}
          error={act.errors.secret}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <SubmitButton isPending={act.isPending}>Replace the secret</SubmitButton>
      </Stack>
    </form>
  );
}

"use client";

import { Checkbox, Code, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { KeepSecret } from "@/components/ui/keep-secret";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createToken } from "@/lib/connect/actions/tokens";
import { TOKEN_DAYS, TOKEN_SCOPES, type TokenScope } from "@/lib/connect/schema/token";

const SCOPES = Object.keys(TOKEN_SCOPES) as TokenScope[];
const DAYS = TOKEN_DAYS.map((days) => ({ value: String(days), label: `${days} days` }));
const FIRST = { name: "", scopes: ["runs:start"] as TokenScope[], days: "90" };

/** Makes a token and shows it, this once. */
export function NewTokenDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const router = useRouter();
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    setSecret(null);
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={secret ? "Copy the token now" : "New API token"}
      closeOnClickOutside={!secret}
    >
      {secret ? (
        <Shown secret={secret} onDone={close} />
      ) : (
        <Form
          onMade={(made) => {
            setSecret(made);
            router.refresh();
          }}
        />
      )}
    </Modal>
  );
}

function Form({ onMade }: { onMade: (secret: string) => void }) {
  const form = useForm({ initialValues: FIRST });
  const act = useAct(createToken, { onDone: ({ secret }) => onMade(secret) });
  const days = (text: string) => TOKEN_DAYS.find((each) => String(each) === text) ?? 90;
  return (
    <form onSubmit={form.onSubmit((values) => void act.run({ ...values, days: days(values.days) }))}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="What uses it, e.g. “Shop import”."
          required
          withAsterisk={false}
          maxLength={80}
          data-autofocus
          error={act.errors.name}
          {...form.getInputProps("name")}
        />
        <Checkbox.Group label="It may" error={act.errors.scopes} {...form.getInputProps("scopes")}>
          <Stack gap="xs" mt={6}>
            {SCOPES.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={TOKEN_SCOPES[scope].label}
                description={TOKEN_SCOPES[scope].help}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select label="Ends after" data={DAYS} allowDeselect={false} {...form.getInputProps("days")} />
        <SubmitButton isPending={act.isPending}>Make the token</SubmitButton>
      </Stack>
    </form>
  );
}

function Shown({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <KeepSecret secret={secret} onDone={onDone}>
      <Text fz="sm" c="dimmed">
        Send it as <Code>Authorization: Bearer …</Code>
      </Text>
    </KeepSecret>
  );
}

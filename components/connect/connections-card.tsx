"use client";

import { Badge, Button, Modal, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { FormMessage } from "@/components/ui/form-message";
import { SectionCard } from "@/components/ui/section-card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { changeConnection, createConnection, deleteConnection } from "@/lib/connect/actions/connections";
import type { ShownConnection, ShownCredential } from "@/lib/connect/schema/connection";
import { Nothing, Row, Rows } from "./row";

type Props = { connections: readonly ShownConnection[]; credentials: readonly ShownCredential[] };

/** Where operations of other systems begin. */
export function ConnectionsCard({ connections, credentials }: Props) {
  /** "new", the one that is open, or null. */
  const [open, setOpen] = useState<ShownConnection | "new" | null>(null);
  const close = () => setOpen(null);
  return (
    <SectionCard
      id="connections"
      title="Connections"
      text="Where another system's operations begin, and with which credential they are called."
      action={
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen("new")}>
          New connection
        </Button>
      }
    >
      {connections.length === 0 ? (
        <Nothing>None.</Nothing>
      ) : (
        <Rows label="Connections">
          {connections.map((connection) => (
            <ConnectionRow
              key={connection.connectionId}
              connection={connection}
              credential={credentials.find(({ credentialId }) => credentialId === connection.credentialId)?.label}
              onEdit={() => setOpen(connection)}
            />
          ))}
        </Rows>
      )}
      <Modal
        opened={open !== null}
        onClose={close}
        title={open === "new" ? "New connection" : `Edit ${open?.label ?? ""}`}
      >
        {open !== null && (
          <ConnectionForm connection={open === "new" ? null : open} credentials={credentials} onDone={close} />
        )}
      </Modal>
    </SectionCard>
  );
}

type RowProps = { connection: ShownConnection; credential: string | undefined; onEdit: () => void };

function ConnectionRow({ connection: { connectionId, label, baseUrl, isAllowed }, credential, onEdit }: RowProps) {
  const router = useRouter();
  const remove = useAct(deleteConnection, { success: `${label} is deleted.`, onDone: () => router.refresh() });
  const ask = async () => {
    const isSure = await confirm({
      title: `Delete ${label}?`,
      text: "Its credential is kept.",
      action: "Delete the connection",
      isDanger: true,
    });
    if (isSure) await remove.run({ connectionId });
  };
  return (
    <Row
      title={
        <>
          {label}
          {!isAllowed && (
            <Badge color="orange" size="sm">
              Host not allowed
            </Badge>
          )}
        </>
      }
      facts={`${baseUrl} · ${credential ?? "without a credential"}`}
      actions={
        <>
          <Button variant="subtle" size="xs" onClick={onEdit} aria-label={`Edit ${label}`}>
            Edit
          </Button>
          <Button variant="subtle" color="red" size="xs" onClick={() => void ask()} aria-label={`Delete ${label}`}>
            Delete
          </Button>
        </>
      }
    />
  );
}

type FormProps = {
  connection: ShownConnection | null;
  credentials: readonly ShownCredential[];
  onDone: () => void;
};

function ConnectionForm({ connection, credentials, onDone }: FormProps) {
  const router = useRouter();
  const [draft, setDraft] = useState({
    label: connection?.label ?? "",
    baseUrl: connection?.baseUrl ?? "",
    credentialId: connection?.credentialId ?? null,
  });
  const [message, setMessage] = useState<string | null>(null);
  const options = {
    success: `${draft.label} is saved.`,
    onRefused: (refusal: { message: string; problems: readonly unknown[] }) =>
      setMessage(refusal.problems.length > 0 ? null : refusal.message),
    onDone: () => {
      onDone();
      router.refresh();
    },
  };
  const create = useAct(createConnection, options);
  const change = useAct(changeConnection, options);
  const { errors, isPending } = connection ? change : create;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (connection) void change.run({ ...draft, connectionId: connection.connectionId });
    else void create.run(draft);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormMessage text={message} />
        <TextInput
          label="Label"
          data-autofocus
          maxLength={80}
          error={errors.label}
          value={draft.label}
          onChange={(event) => setDraft({ ...draft, label: event.currentTarget.value })}
        />
        <TextInput
          label="Address"
          description="Where every path of it begins, e.g. https://api.example.com/v2"
          inputMode="url"
          spellCheck={false}
          maxLength={1_000}
          error={errors.baseUrl}
          value={draft.baseUrl}
          onChange={(event) => setDraft({ ...draft, baseUrl: event.currentTarget.value })}
        />
        <Select
          label="Credential"
          placeholder="None"
          clearable
          data={credentials.map(({ credentialId, label, origin }) => ({
            value: credentialId,
            label: `${label} (${origin})`,
          }))}
          error={errors.credentialId}
          value={draft.credentialId}
          onChange={(credentialId) => setDraft({ ...draft, credentialId })}
        />
        <SubmitButton isPending={isPending}>Save the connection</SubmitButton>
      </Stack>
    </form>
  );
}

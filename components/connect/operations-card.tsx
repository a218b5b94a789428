"use client";

import { Anchor, Badge, Button, Modal, Select, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Link } from "@/components/ui/link";
import { NameFields, useNaming } from "@/components/ui/name-fields";
import { SectionCard } from "@/components/ui/section-card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createOperation } from "@/lib/connect/actions/operations";
import type { ShownConnection, ShownOperation } from "@/lib/connect/schema/connection";
import { Nothing, Row, Rows } from "./row";

type Props = { operations: readonly ShownOperation[]; connections: readonly ShownConnection[] };

/** Requests that external steps may make. */
export function OperationsCard({ operations, connections }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <SectionCard
      id="operations"
      title="Operations"
      text="Requests to other systems that the external steps of an orchestration make."
      action={
        <Button
          size="xs"
          leftSection={<IconPlus size={14} />}
          disabled={connections.length === 0}
          onClick={() => setOpen(true)}
        >
          New operation
        </Button>
      }
    >
      {operations.length === 0 ? (
        <Nothing>
          {connections.length === 0
            ? "None. Begin below: allow a host, keep its credential if it needs one, and make a connection."
            : "None yet."}
        </Nothing>
      ) : (
        <Rows label="Operations">
          {operations.map(({ name, label, method, path, connectionId }) => (
            <Row
              key={name}
              title={
                <Anchor component={Link} href={`/admin/connections/${name}`} fz="sm" fw={600}>
                  {label}
                </Anchor>
              }
              facts={`${method} ${path} · ${connections.find((one) => one.connectionId === connectionId)?.label ?? ""} · ${name}`}
              actions={<NotAllowed connection={connections.find((one) => one.connectionId === connectionId)} />}
            />
          ))}
        </Rows>
      )}
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="New operation">
        <NewOperationForm connections={connections} />
      </Modal>
    </SectionCard>
  );
}

const NotAllowed = ({ connection }: { connection: ShownConnection | undefined }) =>
  connection?.isAllowed ? null : (
    <Badge color="orange" size="sm">
      Host not allowed
    </Badge>
  );

function NewOperationForm({ connections }: { connections: readonly ShownConnection[] }) {
  const router = useRouter();
  const naming = useNaming("");
  const [connectionId, setConnectionId] = useState(connections[0]?.connectionId ?? "");
  const act = useAct(createOperation, { onDone: (made) => router.push(`/admin/connections/${made.name}`) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const plain = { method: "GET", path: "/", input: { type: "object", properties: {} }, output: null } as const;
    void act.run({ ...plain, name: naming.name, label: naming.label, connectionId });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <NameFields naming={naming} errors={act.errors} />
        <Select
          label="Connection"
          allowDeselect={false}
          data={connections.map((one) => ({ value: one.connectionId, label: one.label }))}
          error={act.errors.connectionId}
          value={connectionId}
          onChange={(value) => setConnectionId(value ?? "")}
        />
        <SubmitButton isPending={act.isPending}>Make the operation</SubmitButton>
      </Stack>
    </form>
  );
}

"use client";

import { Badge, Button, Group, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Moment } from "@/components/ui/moment";
import { SectionCard } from "@/components/ui/section-card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { allowHost, removeHost } from "@/lib/connect/actions/connections";
import type { ShownHost } from "@/lib/connect/schema/connection";
import { Nothing, Row, Rows } from "./row";

/** The servers that may be called at all. */
export function HostsCard({ hosts }: { hosts: readonly ShownHost[] }) {
  return (
    <SectionCard
      id="hosts"
      title="Allowed hosts"
      text="Nothing else is ever called. A name that leads into a private network is refused unless that address is listed by itself."
    >
      {hosts.length === 0 ? (
        <Nothing>None, so no operation can be called.</Nothing>
      ) : (
        <Rows label="Allowed hosts">
          {hosts.map((host) => (
            <HostRow key={host.origin} host={host} />
          ))}
        </Rows>
      )}
      <AllowForm />
    </SectionCard>
  );
}

function HostRow({ host: { origin, isPrivate, addedBy, addedAt } }: { host: ShownHost }) {
  const router = useRouter();
  const remove = useAct(removeHost, { success: `${origin} is no longer called.`, onDone: () => router.refresh() });
  const ask = async () => {
    const isSure = await confirm({
      title: `Stop calling ${origin}?`,
      text: "Steps that want to call it end in Error from now on.",
      action: "Remove the host",
      isDanger: true,
    });
    if (isSure) await remove.run({ origin });
  };
  return (
    <Row
      title={
        <>
          {origin}
          {isPrivate && (
            <Badge color="orange" size="sm">
              Private network
            </Badge>
          )}
          {origin.startsWith("http:") && (
            <Badge color="gray" size="sm">
              Not encrypted
            </Badge>
          )}
        </>
      }
      facts={
        <>
          Allowed by {addedBy} <Moment at={addedAt} />
        </>
      }
      actions={
        <Button variant="subtle" color="red" size="xs" onClick={() => void ask()} aria-label={`Remove ${origin}`}>
          Remove
        </Button>
      }
    />
  );
}

function AllowForm() {
  const router = useRouter();
  const [origin, setOrigin] = useState("");
  const act = useAct(allowHost, {
    success: `${origin} may be called.`,
    onDone: () => {
      setOrigin("");
      router.refresh();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run({ origin: origin.trim() });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-start" gap="sm">
        <TextInput
          label="Allow a host"
          description="Scheme, host and port, e.g. https://api.example.com"
          flex="1 1 280px"
          maw={420}
          maxLength={300}
          spellCheck={false}
          autoComplete="off"
          inputMode="url"
          error={act.errors.origin}
          value={origin}
          onChange={(event) => setOrigin(event.currentTarget.value)}
        />
        <SubmitButton isPending={act.isPending} variant="default" mt={{ base: 0, xs: 42 }}>
          Allow
        </SubmitButton>
      </Group>
    </form>
  );
}

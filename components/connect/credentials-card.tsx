"use client";

import { Alert, Badge, Button, Modal } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Moment } from "@/components/ui/moment";
import { SectionCard } from "@/components/ui/section-card";
import { useAct } from "@/components/ui/use-act";
import { deleteCredential, rotateCredentials } from "@/lib/connect/actions/connections";
import type { ShownCredential } from "@/lib/connect/schema/connection";
import { CredentialForm, SecretForm } from "./credential-form";
import { Nothing, Row, Rows } from "./row";

/** Secrets of other systems: entered here, used by calls, shown nowhere. */
export function CredentialsCard({ credentials }: { credentials: readonly ShownCredential[] }) {
  /** "new", the one whose secret is replaced, or null. */
  const [open, setOpen] = useState<ShownCredential | "new" | null>(null);
  const close = () => setOpen(null);
  return (
    <SectionCard
      id="credentials"
      title="Credentials"
      text="What another system asks for. Kept sealed and shown to nobody again; sent to its own server alone."
      action={
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen("new")}>
          New credential
        </Button>
      }
    >
      <OldKeys credentials={credentials} />
      {credentials.length === 0 ? (
        <Nothing>None.</Nothing>
      ) : (
        <Rows label="Credentials">
          {credentials.map((credential) => (
            <CredentialRow
              key={credential.credentialId}
              credential={credential}
              onReplace={() => setOpen(credential)}
            />
          ))}
        </Rows>
      )}
      <Modal
        opened={open !== null}
        onClose={close}
        title={open === "new" ? "New credential" : `Another secret for ${open?.label ?? ""}`}
      >
        {open === "new" && <CredentialForm onDone={close} />}
        {open !== null && open !== "new" && <SecretForm credentialId={open.credentialId} onDone={close} />}
      </Modal>
    </SectionCard>
  );
}

function OldKeys({ credentials }: { credentials: readonly ShownCredential[] }) {
  const router = useRouter();
  const rotate = useAct(rotateCredentials, {
    success: ({ sealed }) => `${sealed} sealed anew. AUTH_SECRET_PREVIOUS can be taken away.`,
    onDone: () => router.refresh(),
  });
  const old = credentials.filter(({ key }) => key === "old").length;
  if (old === 0) return null;
  return (
    <Alert color="orange" variant="light" title="AUTH_SECRET was changed">
      {old === 1 ? "One credential is" : `${old} credentials are`} still sealed with the one before.{" "}
      <Button size="compact-xs" variant="light" loading={rotate.isPending} onClick={() => void rotate.run({})}>
        Seal them anew
      </Button>
    </Alert>
  );
}

const facts = ({ kind, username, headerName }: ShownCredential): string =>
  ({ bearer: "Bearer token", basic: `User ${username ?? ""} and password`, header: `Header ${headerName ?? ""}` })[
    kind
  ];

function CredentialRow({ credential, onReplace }: { credential: ShownCredential; onReplace: () => void }) {
  const router = useRouter();
  const { credentialId, label, origin, changedBy, changedAt, key } = credential;
  const remove = useAct(deleteCredential, { success: `${label} is forgotten.`, onDone: () => router.refresh() });
  const ask = async () => {
    const isSure = await confirm({
      title: `Forget ${label}?`,
      text: "Its secret cannot be had back.",
      action: "Forget the credential",
      isDanger: true,
    });
    if (isSure) await remove.run({ credentialId });
  };
  return (
    <Row
      title={
        <>
          {label}
          {key === "lost" && (
            <Badge color="red" size="sm">
              Enter it again
            </Badge>
          )}
        </>
      }
      facts={
        <>
          {facts(credential)} · {origin} · entered by {changedBy} <Moment at={changedAt} />
        </>
      }
      actions={
        <>
          <Button variant="subtle" size="xs" onClick={onReplace} aria-label={`Replace the secret of ${label}`}>
            Replace
          </Button>
          <Button variant="subtle" color="red" size="xs" onClick={() => void ask()} aria-label={`Forget ${label}`}>
            Forget
          </Button>
        </>
      }
    />
  );
}

"use client";

import { Button, Modal } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Moment } from "@/components/ui/moment";
import { SectionCard } from "@/components/ui/section-card";
import { useAct } from "@/components/ui/use-act";
import { deleteSource, replaceSourceSecret } from "@/lib/connect/actions/event-sources";
import type { SourcesPage } from "@/lib/connect/loaders";
import type { ShownSource } from "@/lib/connect/schema/event";
import { Nothing, Row, Rows } from "./row";
import { ShownSecret, type SourceSecret } from "./shown-secret";
import { SourceForm } from "./source-form";

/** Other systems that may report events, each bound to one process; a secret is shown when it is made, and never again. */
export function SourcesCard({ sources, orchestrations, address }: SourcesPage) {
  const router = useRouter();
  const [isNew, setNew] = useState(false);
  const [made, setMade] = useState<SourceSecret | null>(null);
  const show = (secret: SourceSecret) => {
    setNew(false);
    setMade(secret);
    router.refresh();
  };
  const close = () => {
    setNew(false);
    setMade(null);
  };
  return (
    <SectionCard
      id="event-sources"
      title="Event sources"
      text="Other systems that may report what happened. Each event starts the source's process, or wakes one of its runs."
      action={
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setNew(true)}>
          New event source
        </Button>
      }
    >
      {sources.length === 0 ? (
        <Nothing>None.</Nothing>
      ) : (
        <Rows label="Event sources">
          {sources.map((source) => (
            <SourceRow key={source.name} source={source} onReplaced={show} />
          ))}
        </Rows>
      )}
      <Modal
        opened={isNew || made !== null}
        onClose={close}
        title={made ? `Copy the secret of ${made.name} now` : "New event source"}
        closeOnClickOutside={!made}
      >
        {made ? (
          <ShownSecret made={made} address={address} onDone={close} />
        ) : (
          <SourceForm orchestrations={orchestrations} onMade={show} />
        )}
      </Modal>
    </SectionCard>
  );
}

function SourceRow({ source, onReplaced }: { source: ShownSource; onReplaced: (made: SourceSecret) => void }) {
  const router = useRouter();
  const { name, label, definitionId, createdBy, createdAt, lastEventAt } = source;
  const remove = useAct(deleteSource, { success: `${label} may report no more.`, onDone: () => router.refresh() });
  const replace = useAct(replaceSourceSecret, { onDone: onReplaced });
  const askRemove = async () => {
    const isSure = await confirm({
      title: `Close the door for ${label}?`,
      text: "Its events are refused from now on. Runs that it started go on.",
      action: "Delete the event source",
      isDanger: true,
    });
    if (isSure) await remove.run({ name });
  };
  const askReplace = async () => {
    const isSure = await confirm({
      title: `Another secret for ${label}?`,
      text: "The present one is worth nothing any more, from its next event on.",
      action: "Make another secret",
    });
    if (isSure) await replace.run({ name });
  };
  return (
    <Row
      title={label}
      facts={
        <>
          {name} · {definitionId} · made by {createdBy} <Moment at={createdAt} /> ·{" "}
          {lastEventAt ? (
            <>
              last event <Moment at={lastEventAt} />
            </>
          ) : (
            "no event yet"
          )}
        </>
      }
      actions={
        <>
          <Button
            variant="subtle"
            size="xs"
            loading={replace.isPending}
            onClick={() => void askReplace()}
            aria-label={`Replace the secret of ${label}`}
          >
            Replace
          </Button>
          <Button
            variant="subtle"
            color="red"
            size="xs"
            onClick={() => void askRemove()}
            aria-label={`Delete the event source ${label}`}
          >
            Delete
          </Button>
        </>
      }
    />
  );
}

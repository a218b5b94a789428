"use client";

import { ActionIcon, Button, Card, FileButton, Group, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconPaperclip, IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type DragEvent, useEffect, useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Moment } from "@/components/ui/moment";
import { useAct } from "@/components/ui/use-act";
import { removeAttachment } from "@/lib/records/actions";
import { ACCEPTED, type ShownFile } from "@/lib/records/schema/attachment";
import { FileLine } from "./file-line";
import classes from "./files.module.css";
import { UploadRow } from "./upload-row";
import { useLeaveGuard } from "./use-leave-guard";
import { useUploads } from "./use-uploads";

type Props = {
  readonly recordId: string;
  readonly files: readonly ShownFile[];
  /** Whether the reader may attach and remove. */
  readonly mayChange: boolean;
};

const UNDER_WAY = {
  title: "Leave while files are on their way?",
  text: "What has not arrived yet is not attached.",
  action: "Leave",
};

/** What is attached to a record; files are dropped on it or chosen. */
export function FilesCard({ recordId, files, mayChange }: Props) {
  const router = useRouter();
  const [said, setSaid] = useState("");
  const { uploads, add, tryAgain, putAway } = useUploads(recordId, (name) => {
    setSaid(`${name} is attached.`);
    router.refresh();
  });
  const { isOver, dropping } = useDrop(mayChange, add);
  useLeaveGuard(
    uploads.some(({ state }) => state === "waiting" || state === "sending"),
    UNDER_WAY,
  );
  const present = files.filter(({ removed }) => removed === null);
  const removed = files.filter((file) => file.removed !== null);
  return (
    <Card
      padding="lg"
      component="section"
      aria-labelledby="attachments"
      className={classes.card ?? ""}
      data-over={isOver || undefined}
      {...dropping}
    >
      <Group justify="space-between" wrap="nowrap" mb={present.length + uploads.length > 0 ? 4 : 0}>
        <Title order={2} id="attachments">
          Attachments
        </Title>
        {mayChange && <ChooseFiles onChosen={add} />}
      </Group>
      {present.length + uploads.length === 0 && (
        <Text fz="sm" c="dimmed" mt="xs">
          {mayChange ? "Nothing yet. Drop files here, or choose them." : "Nothing yet."}
        </Text>
      )}
      <ul className={classes.list}>
        {present.map((file) => (
          <li key={file.id} className={classes.row}>
            <FileLine file={file} />
            {mayChange && <RemoveButton file={file} onRemoved={() => setSaid(`${file.name} is removed.`)} />}
          </li>
        ))}
        {uploads.map((upload) => (
          <UploadRow
            key={upload.key}
            upload={upload}
            onTryAgain={() => tryAgain(upload)}
            onPutAway={() => putAway(upload.key)}
          />
        ))}
      </ul>
      {removed.length > 0 && <Removed files={removed} />}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </Card>
  );
}

function ChooseFiles({ onChosen }: { onChosen: (files: File[]) => void }) {
  return (
    <FileButton multiple accept={ACCEPTED} onChange={onChosen}>
      {(props) => (
        <Button {...props} variant="default" size="xs" leftSection={<IconPaperclip size={14} />}>
          Attach files
        </Button>
      )}
    </FileButton>
  );
}

/** Takes files that are dropped on the card; one that misses it is not opened in the place of the page. */
function useDrop(isOpen: boolean, onDropped: (files: File[]) => void) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    const keep = (event: globalThis.DragEvent) => event.preventDefault();
    window.addEventListener("dragover", keep);
    window.addEventListener("drop", keep);
    return () => {
      window.removeEventListener("dragover", keep);
      window.removeEventListener("drop", keep);
    };
  }, [isOpen]);
  if (!isOpen) return { isOver: false, dropping: {} };
  const dropping = {
    onDragOver: () => setOver(true),
    onDragLeave: (event: DragEvent) => event.currentTarget === event.target && setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      onDropped([...event.dataTransfer.files]);
    },
  };
  return { isOver, dropping };
}

function RemoveButton({ file: { id, name }, onRemoved }: { file: ShownFile; onRemoved: () => void }) {
  const router = useRouter();
  const act = useAct(removeAttachment, {
    onDone: () => {
      onRemoved();
      router.refresh();
    },
  });
  const ask = async () => {
    const isSure = await confirm({
      title: `Remove ${name}?`,
      text: "What it holds is gone for good. That it was here, and who removed it, stays on this page; where somebody decided with it before them, its name and SHA-256 stay in the evidence.",
      action: "Remove the attachment",
      isDanger: true,
    });
    if (isSure) await act.run({ attachmentId: id });
  };
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={`Remove ${name}`}
      loading={act.isPending}
      onClick={() => void ask()}
    >
      <IconTrash size={16} />
    </ActionIcon>
  );
}

function Removed({ files }: { files: readonly ShownFile[] }) {
  return (
    <details className={classes.removed}>
      <summary>{files.length === 1 ? "1 was removed" : `${files.length} were removed`}</summary>
      <ul className={classes.list}>
        {files.map(({ id, name, removed }) => (
          <li key={id} className={classes.row}>
            <Text fz="xs" c="dimmed" className={classes.words ?? ""}>
              <s>
                <bdi>{name}</bdi>
              </s>
              <span>
                {removed?.byName}, <Moment at={removed?.at ?? ""} tabStop />
              </span>
            </Text>
          </li>
        ))}
      </ul>
    </details>
  );
}

"use client";

import { Badge, Button, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowLeft, IconRoute } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useLive } from "@/components/ui/use-live";
import { ItemDetail } from "@/components/work/item-detail";
import { ItemLines } from "@/components/work/work-row";
import type { Finished } from "@/lib/interviews/schema";
import { workKeys } from "@/lib/work/keys";
import type { WorkRow } from "@/lib/work/schema";
import classes from "./work-guide.module.css";

type Props = {
  readonly recordId: string;
  /** The item that the address names (`?item=`): a mail's link leads here. */
  readonly itemId: string | null;
  /** What a mail's button said (`?decision=`); it decides nothing. */
  readonly choice?: string | null;
};

/** My open work on one record, done inside its page. Finishing opens my next item of the same run, or the list. */
export function WorkGuide({ recordId, itemId, choice = null }: Props) {
  const client = useQueryClient();
  const router = useRouter();
  const [open, setOpen] = useState<{ id: string; isByHand: boolean } | null>(
    itemId ? { id: itemId, isByHand: false } : null,
  );
  const { data, isPending } = useQuery({
    queryKey: workKeys.onRecord(recordId),
    queryFn: ({ signal }) => fetchItems(recordId, signal),
    staleTime: 5_000,
  });
  useLive(["work", `record:${recordId}`], () => void client.invalidateQueries({ queryKey: workKeys.all }));
  const finished = ({ next }: Finished, said: string) => {
    notifications.show({
      color: "teal",
      message: next
        ? `${said}. Here is your next step.`
        : said === "Answered"
          ? "Answered. Whoever asked is told."
          : said === "Rejected"
            ? "Rejected. Whoever asked is told."
            : `${said}. Thank you, the process goes on from here.`,
    });
    setOpen(next ? { id: next.workItemId, isByHand: true } : null);
    if (itemId) window.history.replaceState(null, "", window.location.pathname);
    void client.invalidateQueries({ queryKey: workKeys.all });
    // What the step changed on the record is on the page around us.
    router.refresh();
  };
  const rows = data ?? [];
  return (
    <Card component="section" aria-labelledby="work-guide" p={0} className={classes.guide ?? ""}>
      <Group className={classes.head ?? ""} justify="space-between" wrap="nowrap">
        <Group gap="xs">
          <IconRoute size={18} stroke={1.6} aria-hidden />
          <Title order={2} fz="md" id="work-guide">
            Work Guide
          </Title>
        </Group>
        {open && rows.length > 1 ? (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconArrowLeft size={15} />}
            onClick={() => setOpen(null)}
          >
            All {rows.length}
          </Button>
        ) : (
          rows.length > 0 && <Badge color="gray">{rows.length === 1 ? "1 open" : `${rows.length} open`}</Badge>
        )}
      </Group>
      {open ? (
        <ItemDetail
          key={open.id}
          workItemId={open.id}
          showsRecord={false}
          takesFocus={open.isByHand}
          suggested={open.id === itemId ? choice : null}
          onFinished={finished}
        />
      ) : isPending ? (
        <Stack p="md">
          <Skeleton h={44} />
          <Skeleton h={44} />
        </Stack>
      ) : (
        <List rows={rows} onOpen={(id) => setOpen({ id, isByHand: true })} />
      )}
    </Card>
  );
}

function List({ rows, onOpen }: { rows: readonly WorkRow[]; onOpen: (id: string) => void }) {
  if (rows.length === 0)
    return (
      <Text fz="sm" c="dimmed" px="md" py="lg" role="status">
        Nothing on this record waits for you. When a step reaches you, it opens here.
      </Text>
    );
  return (
    <ul className={classes.list}>
      {rows.map((row) => (
        <li key={row.workItemId}>
          <button type="button" className={classes.row} onClick={() => onOpen(row.workItemId)}>
            <ItemLines row={row} showsHolder={row.assignee.type !== "user"} />
          </button>
        </li>
      ))}
    </ul>
  );
}

async function fetchItems(recordId: string, signal: AbortSignal): Promise<readonly WorkRow[]> {
  const answer = await fetch(`/api/lists/work/on-record?${new URLSearchParams({ recordId })}`, {
    signal,
    headers: { accept: "application/json" },
  });
  if (!answer.ok) throw new Error(`the Work Guide answered ${answer.status}`);
  return ((await answer.json()) as { rows: readonly WorkRow[] }).rows;
}

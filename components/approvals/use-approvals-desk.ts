"use client";

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useKeys } from "@/components/ui/use-keys";
import { useLive } from "@/components/ui/use-live";
import { useDesk } from "@/components/work/use-desk";
import { useRoving } from "@/components/work/use-roving";
import type { Finished } from "@/lib/interviews/schema";
import { workKeys } from "@/lib/work/keys";
import type { ApprovalRow, ApprovalView } from "@/lib/work/schema";
import { type Asked, type Row, type RowPage, rowId, useApprovals } from "./use-approvals";
import { useQuickDecisions } from "./use-quick-decisions";

const MAY_DECIDE: readonly ApprovalView[] = ["decide", "delegated"];

/** Which requests are selected, as the list has them now: they stay so, as they were, when it shows others. */
function useChosen(rows: readonly Row[]) {
  const [taken, setChosen] = useState<ReadonlyMap<string, ApprovalRow>>(new Map());
  const newest = new Map(rows.flatMap((row) => (row.type === "item" ? [[row.workItemId, row] as const] : [])));
  const chosen = new Map([...taken].map(([id, row]) => [id, newest.get(id) ?? row]));
  const choose = (row: ApprovalRow) =>
    setChosen((known) => {
      const next = new Map(known);
      if (!next.delete(row.workItemId)) next.set(row.workItemId, row);
      return next;
    });
  const forget = (gone: readonly string[]) =>
    setChosen((known) => new Map([...known].filter(([id]) => !gone.includes(id))));
  const chooseAll = (rows: readonly ApprovalRow[]) => setChosen(new Map(rows.map((row) => [row.workItemId, row])));
  return { chosen, choose, chooseAll, forget };
}

/** The id of the row of the list that has the focus. What is open beside it has keys of its own, which send what was written there. */
const focusedRow = (): string | null => document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row ?? null;

type Deeds = {
  readonly focused: () => ApprovalRow | null;
  readonly choose: (row: ApprovalRow) => void;
  readonly decide: (row: ApprovalRow, choice: "approve" | "reject", comments: string) => void;
  readonly reject: (row: ApprovalRow) => void;
};

/** Keys that do something to the request whose row has the focus, and nothing otherwise. */
function keysOf({ focused, choose, decide, reject }: Deeds) {
  const press = (act: (row: ApprovalRow) => void) => () => {
    const row = focused();
    if (row) act(row);
  };
  return {
    x: press(choose),
    a: press((row) => decide(row, "approve", "")),
    r: press(reject),
  };
}

/** What is open tells beside the list what changed in it: its row does not go on saying something else. On the other rows a key is refused instead. */
function useFollowed(row: ApprovalRow | null) {
  const client = useQueryClient();
  const topics = row?.record ? [`record:${row.record.id}`] : [];
  useLive(topics, () => void client.invalidateQueries({ queryKey: workKeys.all }));
}

/** What My approvals shows and does: the rows, which of them are selected, and the keys. */
export function useApprovalsDesk(asked: Asked, first: RowPage) {
  const at = useDesk();
  const router = useRouter();
  const client = useQueryClient();
  const list = useApprovals(asked, first);
  const quick = useQuickDecisions();
  const { chosen, choose, chooseAll, forget } = useChosen(list.rows);
  const [rejected, setRejected] = useState<ApprovalRow | null>(null);
  const [isMany, setMany] = useState(false);
  const [isOpened, setOpened] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const mayDecide = MAY_DECIDE.includes(asked.view);
  const shown = list.rows.filter((row) => !quick.leaving.has(rowId(row)));
  const ids = shown.map(rowId);

  const open = (id: string) => {
    const row = shown.find((each) => rowId(each) === id);
    if (row?.type === "request")
      return router.push(row.record ? `/records/${row.record.object}/${row.record.id}` : `/runs/${row.runId}`);
    setOpened(true);
    at.open(id);
  };
  const roving = useRoving(ids, open);
  const rowAt = (id: string | null): ApprovalRow | null => {
    const row = shown.find((each) => rowId(each) === id);
    return row?.type === "item" ? row : null;
  };
  useFollowed(rowAt(at.itemId));
  const focused = () => (mayDecide ? rowAt(focusedRow()) : null);
  /** The row after it takes the focus, where it was. */
  const goOn = (row: ApprovalRow) => {
    const next = ids[ids.indexOf(row.workItemId) + 1] ?? ids[ids.indexOf(row.workItemId) - 1];
    if (at.itemId === row.workItemId) at.close();
    requestAnimationFrame(() => (next ? roving.focusOn(next) : searchBox.current?.focus()));
  };
  const decide = (row: ApprovalRow, choice: "approve" | "reject", comments: string) => {
    goOn(row);
    void quick.send(row, choice, comments).then((isDone) => isDone && forget([row.workItemId]));
  };
  useKeys({
    ...keysOf({ focused, choose, decide, reject: setRejected }),
    j: () => roving.step(1),
    k: () => roving.step(-1),
    "/": () => searchBox.current?.focus(),
    Escape: at.close,
  });
  const finished = (_answer: Finished, said: string) => {
    notifications.show({ color: "teal", message: `${said}.` });
    const row = rowAt(at.itemId);
    void client.invalidateQueries({ queryKey: workKeys.all });
    if (!row) return at.close();
    forget([row.workItemId]);
    goOn(row);
  };
  return {
    ...{ at, list, quick, chosen, rejected, isMany, isOpened, searchBox, mayDecide, shown, roving },
    ...{ open, choose, chooseAll, forget, decide, finished, setRejected, setMany },
  };
}

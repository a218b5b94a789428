"use client";

import { Kbd, Text } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconListSearch } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Empty } from "@/components/ui/empty";
import { useKeys } from "@/components/ui/use-keys";
import type { Finished } from "@/lib/interviews/schema";
import { workKeys } from "@/lib/work/keys";
import type { WorkDetail, WorkView } from "@/lib/work/schema";
import { BackToList } from "./back-to-list";
import { ItemDetail } from "./item-detail";
import { useDesk } from "./use-desk";
import { useRoving } from "./use-roving";
import { useSteady } from "./use-steady";
import { type RowPage, rowId, useWorkList } from "./use-work-list";
import classes from "./work-desk.module.css";
import { WorkList } from "./work-list";

type Props = {
  readonly view: WorkView;
  readonly first: { readonly page: RowPage; readonly search: string; readonly detail: WorkDetail | null };
};
const SEARCH_PAUSE_MS = 250;

/** My work: the list, and beside it (on phones: over it) what is open. */
export function WorkDesk({ view, first }: Props) {
  const desk = useDesk();
  const [typed, setTyped] = useState(first.search);
  const [isOver, setOver] = useState(false);
  const search = useDebouncedCallback(desk.setSearch, SEARCH_PAUSE_MS);
  const list = useWorkList({ view, search: desk.search, first });
  const steady = useSteady(list.rows, isOver);
  const router = useRouter();
  const client = useQueryClient();
  const searchBox = useRef<HTMLInputElement>(null);
  const [isOpened, setOpened] = useState(false);
  const ids = steady.shown.map(rowId);

  const open = (id: string) => {
    const row = steady.shown.find((each) => rowId(each) === id);
    if (row?.type === "request")
      return router.push(row.record ? `/records/${row.record.object}/${row.record.id}` : `/runs/${row.runId}`);
    setOpened(true);
    desk.open(id);
  };
  const roving = useRoving(ids, open);
  useKeys({
    j: () => roving.step(1),
    k: () => roving.step(-1),
    "/": () => searchBox.current?.focus(),
    Escape: desk.close,
  });

  /** The next item of the same run, else the next row; the list keeps its place and the focus. */
  const finished = (answer: Finished, said: string) => {
    const nextRow = ids[ids.indexOf(desk.itemId ?? "") + 1] ?? null;
    const next = answer.next?.workItemId ?? null;
    notifications.show({
      color: "teal",
      message: next
        ? `${said}. Here is your next step of the same process.`
        : said === "Answered"
          ? "Answered. Whoever asked is told."
          : said === "Rejected"
            ? "Rejected. Whoever asked is told."
            : `${said}. The process goes on from here.`,
    });
    void client.invalidateQueries({ queryKey: workKeys.all });
    setOver(false);
    if (next) return open(next);
    desk.close();
    if (nextRow) requestAnimationFrame(() => roving.focus(ids.indexOf(nextRow)));
    else searchBox.current?.focus();
  };
  const suggested = desk.choice;
  return (
    <div className={classes.desk} data-open={desk.itemId ? true : undefined}>
      <WorkList
        view={view}
        list={list}
        shown={steady.shown}
        waiting={steady.waiting}
        onRelease={steady.release}
        onHold={setOver}
        roving={roving}
        openId={desk.itemId}
        onOpen={open}
        search={typed}
        onSearch={(text) => {
          setTyped(text);
          search(text);
        }}
        searchBox={searchBox}
      />
      <div className={classes.detail}>
        <BackToList heading="My work" onBack={desk.close} />
        {desk.itemId ? (
          <ItemDetail
            key={desk.itemId}
            workItemId={desk.itemId}
            suggested={suggested}
            takesFocus={isOpened}
            onFinished={finished}
            first={first.detail?.item.workItemId === desk.itemId ? first.detail : null}
          />
        ) : (
          ids.length > 0 && <NothingOpen isRequests={view === "requests"} />
        )}
      </div>
    </div>
  );
}

function NothingOpen({ isRequests }: { isRequests: boolean }) {
  return (
    <Empty
      icon={<IconListSearch size={24} stroke={1.5} />}
      title={isRequests ? "Choose a request" : "Choose some work"}
      text={
        isRequests
          ? "It opens the record that it is about, with everything that happened to it."
          : "Open it from the list to see what is asked, why it is yours, and to do it right here."
      }
      action={
        <Text fz="xs" c="dimmed" mt={4}>
          <Kbd size="xs">J</Kbd> <Kbd size="xs">K</Kbd> move, <Kbd size="xs">Enter</Kbd> opens, <Kbd size="xs">?</Kbd>{" "}
          shows all keys
        </Text>
      }
    />
  );
}

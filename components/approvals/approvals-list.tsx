"use client";

import { Alert, Button, Group, Select, Tabs, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconChecks, IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type RefObject, useState } from "react";
import { LoadMore } from "@/components/ui/load-more";
import { useFirstRows } from "@/components/ui/use-first-rows";
import type { useRoving } from "@/components/work/use-roving";
import classes from "@/components/work/work-list.module.css";
import { type ApprovalRow, type ApprovalView, MAX_AT_ONCE } from "@/lib/work/schema";
import { ApprovalLines } from "./approval-row";
import { EmptyApprovals } from "./empty-approvals";
import { RefusedGone } from "./refused-gone";
import { paramsOf, type Row, rowId, type useApprovals } from "./use-approvals";
import type { Refused } from "./use-quick-decisions";

type Option = { readonly value: string; readonly label: string };
type Props = {
  readonly view: ApprovalView;
  readonly search: string;
  readonly process: string;
  readonly processes: readonly Option[];
  readonly list: ReturnType<typeof useApprovals>;
  readonly shown: readonly Row[];
  readonly roving: ReturnType<typeof useRoving>;
  readonly chosen: ReadonlyMap<string, ApprovalRow>;
  readonly searchBox: RefObject<HTMLInputElement | null>;
  readonly mayDecide: boolean;
  readonly openId: string | null;
  readonly refused: Readonly<Record<string, Refused>>;
  readonly onForget: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (row: ApprovalRow) => void;
  readonly onChooseAll: (rows: readonly ApprovalRow[]) => void;
  readonly onMany: () => void;
};

const VIEWS: Readonly<Record<ApprovalView, string>> = {
  decide: "To decide",
  decided: "Decided",
  requested: "Requested by me",
  delegated: "Delegated to me",
};
const SEARCH_PAUSE_MS = 300;

/** The middle pane of My approvals: tabs, filters, rows, and what is selected. */
export function ApprovalsList(props: Props) {
  const { view, search, process, processes, list, shown, searchBox, roving } = props;
  const router = useRouter();
  const [typed, setTyped] = useState(search);
  const go = (patch: Partial<{ view: ApprovalView; search: string; process: string }>) =>
    router.push(`/approvals?${paramsOf({ view, search, process, ...patch })}`);
  const seek = useDebouncedCallback((text: string) => go({ search: text.trim() }), SEARCH_PAUSE_MS);
  return (
    <section className={classes.pane} aria-label="My approvals">
      <div className={classes.head}>
        <Title order={1} fz="lg">
          My approvals
        </Title>
        <Tabs
          value={view}
          onChange={(next) => next && router.push(`/approvals?view=${next}`)}
          activateTabWithKeyboard={false}
        >
          <Tabs.List className={classes.tabs}>
            {Object.entries(VIEWS).map(([value, label]) => (
              <Tabs.Tab key={value} value={value} px={8} fz="xs" aria-controls="approvals-rows">
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Group gap="xs" wrap="nowrap">
          <TextInput
            ref={searchBox}
            type="search"
            aria-label="Search this view"
            placeholder="Search"
            size="sm"
            flex={1}
            maxLength={200}
            leftSection={<IconSearch size={15} aria-hidden />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              seek(event.currentTarget.value);
            }}
            onKeyDown={(event) => (event.key === "Escape" || event.key === "Enter") && roving.focus(0)}
          />
          <Select
            aria-label="Process"
            placeholder="Any process"
            size="sm"
            w={150}
            clearable
            data={[...processes]}
            value={process || null}
            onChange={(value) => go({ process: value ?? "" })}
          />
        </Group>
        {props.mayDecide && shown.length > 0 && <Tray {...props} />}
      </div>
      <div className={classes.scroll} id="approvals-rows">
        <VisuallyHidden role="status">{shown.length === 0 ? "" : `${shown.length} shown`}</VisuallyHidden>
        {list.isError && (
          <Alert color="orange" radius={0} role="status">
            This list could not be brought up to date. It is tried again by itself.
          </Alert>
        )}
        <RefusedGone
          refused={Object.entries(props.refused).filter(([id]) => !list.rows.some((row) => rowId(row) === id))}
          onForget={props.onForget}
        />
        {shown.length === 0 ? (
          <EmptyApprovals
            view={view}
            isFiltered={search !== "" || process !== ""}
            onClear={() => {
              setTyped("");
              go({ search: "", process: "" });
            }}
          />
        ) : (
          <Rows {...props} />
        )}
        <LoadMore hasMore={list.hasMore} isLoading={list.isLoadingMore} onMore={list.more} />
      </div>
    </section>
  );
}

/** How many are selected, and what to do with them. What is shown and all that match are two buttons with their own words. */
function Tray({ view, search, process, list, shown, chosen, onChooseAll, onMany }: Props) {
  const [isLoading, setLoading] = useState(false);
  const rows = shown.flatMap((row) => (row.type === "item" ? [row] : []));
  const chooseMatching = async () => {
    setLoading(true);
    const answer = await fetch(`/api/lists/approvals/matching?${paramsOf({ view, search, process })}`).catch(
      () => null,
    );
    setLoading(false);
    if (!answer?.ok) return notifications.show({ color: "orange", message: "They could not be fetched. Try again." });
    const page = (await answer.json()) as { rows: ApprovalRow[]; next: string | null };
    onChooseAll(page.rows);
    if (page.next)
      notifications.show({
        message: `The newest ${MAX_AT_ONCE} of them are selected, which is as many as are decided at once.`,
      });
  };
  return (
    <Group gap="xs">
      {chosen.size === 0 ? (
        <Button size="compact-xs" variant="default" onClick={() => onChooseAll(rows)} disabled={rows.length === 0}>
          Select the {rows.length} shown
        </Button>
      ) : (
        <>
          <Button size="compact-xs" leftSection={<IconChecks size={14} />} onClick={onMany} disabled={chosen.size < 2}>
            {chosen.size < 2 ? "1 selected" : `Decide ${chosen.size} together…`}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => onChooseAll([])}>
            Clear
          </Button>
        </>
      )}
      {list.hasMore && (
        <Button size="compact-xs" variant="subtle" loading={isLoading} onClick={() => void chooseMatching()}>
          Select all that match, also those not shown
        </Button>
      )}
    </Group>
  );
}

function Rows({ view, shown, roving, openId, chosen, refused, mayDecide, onOpen, onChoose }: Props) {
  const rows = useFirstRows(shown);
  return (
    <div ref={roving.box} role="listbox" aria-label={VIEWS[view]} aria-multiselectable={mayDecide}>
      {rows.map((row) => {
        const id = rowId(row);
        const isSelectable = mayDecide && row.type === "item";
        return (
          <div
            key={id}
            role="option"
            data-row={id}
            className={classes.row}
            aria-selected={mayDecide ? chosen.has(id) : id === openId}
            aria-current={id === openId ? true : undefined}
            tabIndex={id === roving.current ? 0 : -1}
            onFocus={() => roving.mark(id)}
            onClick={() => onOpen(id)}
            onKeyDown={roving.onKeyDown}
          >
            <ApprovalLines
              row={row}
              isSelectable={isSelectable}
              isSelected={chosen.has(id)}
              refused={refused[id]}
              showsAssignee={view === "delegated" || (row.type === "item" && row.assignee.type !== "user")}
              onSelect={() => row.type === "item" && onChoose(row)}
            />
          </div>
        );
      })}
    </div>
  );
}

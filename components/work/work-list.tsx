"use client";

import { ActionIcon, Alert, Button, Group, TextInput, Title, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconBaselineDensityMedium, IconBaselineDensitySmall, IconSearch } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import { useFirstRows } from "@/components/ui/use-first-rows";
import type { WorkView } from "@/lib/work/schema";
import { EmptyView, VIEW_TITLES } from "./empty-view";
import type { useRoving } from "./use-roving";
import { type Row, rowId, type useWorkList } from "./use-work-list";
import classes from "./work-list.module.css";
import { ItemLines, RequestLines } from "./work-row";

type Props = {
  readonly view: WorkView;
  readonly list: ReturnType<typeof useWorkList>;
  /** What is shown: `list.rows`, held still while the pointer is over them. */
  readonly shown: readonly Row[];
  readonly waiting: number;
  readonly onRelease: () => void;
  readonly onHold: (isHeld: boolean) => void;
  readonly roving: ReturnType<typeof useRoving>;
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly searchBox: RefObject<HTMLInputElement | null>;
};

/** The middle pane: title, search, rows. */
export function WorkList(props: Props) {
  const { view, list, shown, search, onSearch } = props;
  const [isCompact, setCompact] = useState(false);
  return (
    <section className={classes.pane} data-density={isCompact ? "compact" : "roomy"} aria-label={VIEW_TITLES[view]}>
      <div className={classes.head}>
        <Group justify="space-between" wrap="nowrap">
          <Title order={1} fz="lg">
            {VIEW_TITLES[view]}
          </Title>
          <Tooltip label={isCompact ? "Two lines a row" : "One line a row"}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Compact rows"
              aria-pressed={isCompact}
              onClick={() => setCompact(!isCompact)}
            >
              {isCompact ? (
                <IconBaselineDensityMedium size={17} stroke={1.6} />
              ) : (
                <IconBaselineDensitySmall size={17} stroke={1.6} />
              )}
            </ActionIcon>
          </Tooltip>
        </Group>
        <TextInput
          ref={props.searchBox}
          type="search"
          aria-label="Search this view"
          placeholder="Search"
          size="sm"
          maxLength={200}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" || event.key === "Enter") props.roving.focus(0);
          }}
        />
      </div>
      <div
        className={classes.scroll}
        onPointerEnter={() => props.onHold(true)}
        onPointerLeave={() => props.onHold(false)}
      >
        <VisuallyHidden role="status">
          {shown.length === 0 ? "" : `${shown.length} shown`}
          {props.waiting > 0 ? `, ${props.waiting} new` : ""}
        </VisuallyHidden>
        {props.waiting > 0 && (
          <div className={classes.pill}>
            <Button size="compact-sm" radius="xl" onClick={props.onRelease}>
              {props.waiting} new
            </Button>
          </div>
        )}
        {list.isError && (
          <Alert color="orange" radius={0} role="status">
            This list could not be brought up to date. It is tried again by itself.
          </Alert>
        )}
        {list.isLoading ? (
          <SkeletonRows height={60} />
        ) : shown.length === 0 ? (
          <EmptyView view={view} isSearch={search !== ""} onClear={() => onSearch("")} />
        ) : (
          <Rows {...props} />
        )}
        <LoadMore hasMore={list.hasMore} isLoading={list.isLoadingMore} onMore={list.more} />
      </div>
    </section>
  );
}

function Rows({ view, shown, roving, openId, onOpen }: Props) {
  const rows = useFirstRows(shown);
  return (
    <div ref={roving.box} role="listbox" aria-label={VIEW_TITLES[view]}>
      {rows.map((row) => {
        const id = rowId(row);
        return (
          <div
            key={id}
            role="option"
            data-row={id}
            className={classes.row}
            aria-selected={id === openId}
            tabIndex={id === roving.current ? 0 : -1}
            onFocus={() => roving.mark(id)}
            onClick={() => onOpen(id)}
            onKeyDown={roving.onKeyDown}
          >
            {row.type === "item" ? (
              <ItemLines
                row={row}
                showsHolder={view === "waiting" || view === "groups" || row.assignee.type !== "user"}
              />
            ) : (
              <RequestLines row={row} />
            )}
          </div>
        );
      })}
    </div>
  );
}

import { Checkbox, Text } from "@mantine/core";
import type { MouseEvent } from "react";
import { DebugBadge } from "@/components/runs/debug-badge";
import { Moment } from "@/components/ui/moment";
import { DueBadge } from "@/components/work/due-badge";
import { OutcomeBadge } from "@/components/work/outcome-badge";
import { RequestLines } from "@/components/work/work-row";
import type { ApprovalRow } from "@/lib/work/schema";
import classes from "../work/work-list.module.css";
import { type Row, rowId } from "./use-approvals";
import type { Refused } from "./use-quick-decisions";

type Props = {
  readonly row: Row;
  readonly isSelectable: boolean;
  readonly isSelected: boolean;
  readonly refused: Refused | undefined;
  /** In whose place it would be decided. */
  readonly showsAssignee: boolean;
  readonly onSelect: (id: string) => void;
};

/** One request in two lines: what and about what; one fact, who asks, where it comes from; by when. What is decided upon stands first: a phone cuts the rest. */
export function ApprovalLines({ row, isSelectable, isSelected, refused, showsAssignee, onSelect }: Props) {
  if (row.type === "request") return <RequestLines row={row} />;
  return (
    <>
      {isSelectable && (
        <Checkbox.Indicator
          size="xs"
          aria-hidden
          checked={isSelected}
          onClick={(event: MouseEvent) => {
            event.stopPropagation();
            onSelect(rowId(row));
          }}
        />
      )}
      <span className={classes.lines}>
        <span className={classes.first}>
          <span className={classes.title}>{row.label}</span>
          {row.record && <span className={classes.record}>{row.record.name}</span>}
        </span>
        <span className={classes.second}>
          <span className={classes.place}>{secondLine(row, showsAssignee)}</span>
        </span>
        {refused && (
          <Text component="span" fz="xs" c="red" role="alert">
            {refused.message}
          </Text>
        )}
      </span>
      <span className={classes.right}>
        <Due row={row} />
        {row.isDebug && <DebugBadge />}
        {row.outcome && <OutcomeBadge outcome={row.outcome} />}
      </span>
    </>
  );
}

function secondLine(
  { processLabel, stageLabel, label, facts, requesterName, assignee }: ApprovalRow,
  showsAssignee: boolean,
): string {
  const place = stageLabel && stageLabel !== label ? `${processLabel} › ${stageLabel}` : processLabel;
  const [fact] = facts;
  return [fact?.shown && `${fact.label} ${fact.shown}`, requesterName, showsAssignee && `for ${assignee.name}`, place]
    .filter(Boolean)
    .join(" · ");
}

function Due({ row: { dueAt, closedAt, assignedAt } }: { row: ApprovalRow }) {
  if (dueAt === null || closedAt !== null)
    return (
      <span className={classes.age}>
        <Moment at={closedAt ?? assignedAt} form="age" />
      </span>
    );
  return <DueBadge at={dueAt} />;
}

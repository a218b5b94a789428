import { Badge, Tooltip } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import { StandInNote } from "@/components/people/stand-in-note";
import { DebugBadge } from "@/components/runs/debug-badge";
import { ASSIGNEE_ICONS, ASSIGNEE_WORDS, WORK_ICONS } from "@/components/ui/icons";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RequestRow, WorkRow } from "@/lib/work/schema";
import { DueBadge } from "./due-badge";
import { OutcomeBadge } from "./outcome-badge";
import classes from "./work-list.module.css";

/** One item in two lines: what and about what; where it comes from, how old, whose. */
export function ItemLines({ row, showsHolder }: { row: WorkRow; showsHolder: boolean }) {
  const Icon = WORK_ICONS[row.kind];
  const place =
    row.stageLabel && row.stageLabel !== row.label ? `${row.processLabel} › ${row.stageLabel}` : row.processLabel;
  return (
    <>
      <span className={classes.icon}>
        <Icon size={17} stroke={1.6} aria-hidden />
      </span>
      <span className={classes.lines}>
        <span className={classes.first}>
          <span className={classes.title}>{row.label}</span>
          {row.record && <span className={classes.record}>{row.record.name}</span>}
        </span>
        <span className={classes.second}>
          <span className={classes.place}>
            {place}
            {row.requesterName ? ` · ${row.requesterName}` : ""}
          </span>
          {showsHolder && <Holder row={row} />}
        </span>
      </span>
      <span className={classes.right}>
        {row.dueAt !== null && row.closedAt === null ? (
          <DueBadge at={row.dueAt} />
        ) : (
          <span className={classes.age}>
            <Moment at={row.closedAt ?? row.assignedAt} form="age" />
          </span>
        )}
        <Marks row={row} />
      </span>
    </>
  );
}

/** What is particular about an item, in words. */
function Marks({ row }: { row: WorkRow }) {
  return (
    <>
      {row.isDebug && <DebugBadge />}
      <Mark row={row} />
    </>
  );
}

function Mark({ row }: { row: WorkRow }) {
  if (row.outcome) return <OutcomeBadge outcome={row.outcome} />;
  if (row.completionKind === "withdrawn")
    return (
      <Badge size="sm" color="gray">
        Withdrawn
      </Badge>
    );
  if (row.hasDraft)
    return (
      <Badge size="sm" color="orange">
        Draft
      </Badge>
    );
  if (row.flag)
    return (
      <Badge size="sm" color="orange" leftSection={<IconFlag size={11} aria-hidden />}>
        Check
      </Badge>
    );
  return null;
}

function Holder({ row }: { row: WorkRow }) {
  const Icon = ASSIGNEE_ICONS[row.claimedBy ? "user" : row.assignee.type];
  const said = row.claimedBy
    ? `${row.claimedBy.name} is on it (${row.assignee.name})`
    : `${ASSIGNEE_WORDS[row.assignee.type]}: ${row.assignee.name}`;
  return (
    <Tooltip label={said}>
      <span className={classes.holder}>
        <Icon size={13} stroke={1.8} aria-hidden />
        {row.claimedBy?.name ?? row.assignee.name}
      </span>
    </Tooltip>
  );
}

/** One run that the reader started: what about, where it stands, whom it waits for. */
export function RequestLines({ row }: { row: RequestRow }) {
  const waits = row.waitsFor.map(({ name }) => name).join(", ");
  return (
    <>
      <span className={classes.lines}>
        <span className={classes.first}>
          <span className={classes.title}>{row.record?.name ?? row.label}</span>
          {row.record && <span className={classes.record}>{row.label}</span>}
        </span>
        <span className={classes.second}>
          <span className={classes.place}>
            {[row.stageLabel, waits && `waits for ${waits}`].filter(Boolean).join(" · ") || "No stage reached yet"}
          </span>
        </span>
        <StandInNote standIns={row.standIns} />
      </span>
      <span className={classes.right}>
        <span className={classes.age}>
          <Moment at={row.endedAt ?? row.startedAt} form="age" />
        </span>
        {row.isDebug && <DebugBadge />}
        <StatusBadge status={row.submissionStatus ?? row.status} size="sm" />
      </span>
    </>
  );
}

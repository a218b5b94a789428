import { Anchor, Text, Title } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import type { RefObject } from "react";
import { StandInNote } from "@/components/people/stand-in-note";
import { Assignee } from "@/components/runs/assignee";
import { DebugNote } from "@/components/runs/debug-badge";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { WorkDetail } from "@/lib/work/schema";
import { DueBadge } from "./due-badge";
import classes from "./item-detail.module.css";
import { OutcomeBadge } from "./outcome-badge";

type Props = {
  readonly detail: WorkDetail;
  readonly headingRef: RefObject<HTMLHeadingElement | null>;
  /** Not on the record's own page. */
  readonly showsRecord: boolean;
};

/** What it is, about what, whose, since when. */
export function ItemHeader({ detail, headingRef, showsRecord }: Props) {
  const { item, description, stages, maySeeRun, mayOpenRecord } = detail;
  return (
    <div>
      <div className={classes.crumbs}>
        {maySeeRun ? (
          <Link href={`/runs/${item.runId}`} title="Open the run">
            {item.processLabel}
          </Link>
        ) : (
          <span>{item.processLabel}</span>
        )}
        {item.stageLabel && (
          <>
            <IconChevronRight size={13} aria-hidden />
            <span>{item.stageLabel}</span>
          </>
        )}
      </div>
      <Title order={2} fz="1.375rem" ref={headingRef} tabIndex={-1} style={{ outline: "none" }}>
        {item.label}
      </Title>
      {item.isDebug && <DebugNote isApproval={item.kind === "approval"} />}
      {description && (
        <Text fz="sm" c="dimmed" mt={4} maw={640}>
          {description}
        </Text>
      )}
      <dl className={classes.facts}>
        {showsRecord && item.record && (
          <div>
            <dt>Record</dt>
            <dd>
              {mayOpenRecord ? (
                <Anchor
                  component={Link}
                  href={`/records/${item.record.object}/${item.record.id}?item=${item.workItemId}`}
                  fz="sm"
                  fw={500}
                >
                  {item.record.name}
                </Anchor>
              ) : (
                item.record.name
              )}
            </dd>
          </div>
        )}
        <div>
          <dt>Assigned to</dt>
          <dd>
            <Assignee who={item.assignee} claimedByName={item.claimedBy?.name ?? null} />
          </dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>
            <Moment at={item.assignedAt} tabStop />
          </dd>
        </div>
        {item.dueAt !== null && item.closedAt === null && (
          <div>
            <dt>By when</dt>
            <dd>
              <DueBadge at={item.dueAt} />
            </dd>
          </div>
        )}
        {item.requesterName && (
          <div>
            <dt>Started by</dt>
            <dd>{item.requesterName}</dd>
          </div>
        )}
        {item.status === "completed" && (
          <div>
            <dt>Status</dt>
            <dd>
              {item.outcome ? (
                <OutcomeBadge outcome={item.outcome} label={detail.approval?.said ?? null} size="md" />
              ) : (
                <StatusBadge status={item.status} />
              )}
            </dd>
          </div>
        )}
      </dl>
      <StandInNote standIns={detail.standIns} mt={8} />
      {stages && stages.length > 1 && <StageStrip stages={stages} />}
    </div>
  );
}

/** Where the run stands, for whoever may know its stages. */
function StageStrip({ stages }: { stages: NonNullable<WorkDetail["stages"]> }) {
  return (
    <ol className={classes.strip} aria-label="Stages">
      {stages.map(({ name, label, status }) => (
        <li key={name} data-status={status ?? "ahead"} aria-current={status === "in_progress" ? "step" : undefined}>
          <span>{label}</span>
          {status === "completed" && <span className={classes.hidden}>, completed</span>}
        </li>
      ))}
    </ol>
  );
}

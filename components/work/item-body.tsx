"use client";

import { Alert, Text } from "@mantine/core";
import { IconCircleCheck, IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { DecisionPanel } from "@/components/approvals/decision-panel";
import { ScreenFlow } from "@/components/flows/screen-flow";
import { Moment } from "@/components/ui/moment";
import type { Finished } from "@/lib/interviews/schema";
import type { WorkDetail } from "@/lib/work/schema";
import classes from "./item-detail.module.css";

type Props = {
  readonly detail: WorkDetail;
  readonly suggested: "approve" | "reject" | null;
  /** `said`: what to tell, e.g. "Approved". */
  readonly onFinished: (finished: Finished, said: string) => void;
};

/**
 * The work itself: a screen flow or a decision; or why there is nothing to do here. A form that is open when somebody else ends or takes
 * the work stays, without its buttons: what was typed in it is not taken away.
 */
export function ItemBody({ detail, suggested, onFinished }: Props) {
  const { item, closed, hasScreens, mayWork } = detail;
  const [wasOpen, setOpen] = useState(mayWork);
  if (mayWork && !wasOpen) setOpen(true);
  return (
    <>
      {item.kind === "approval" && <ForDeciding detail={detail} />}
      {closed && <Closed detail={detail} />}
      {!closed && !mayWork && <NotYours detail={detail} />}
      {wasOpen && hasScreens && (
        <ScreenFlow
          key={item.workItemId}
          workItemId={item.workItemId}
          isOver={!mayWork}
          onFinished={(finished) => onFinished(finished, "Finished")}
        />
      )}
      {wasOpen && !hasScreens && (
        <DecisionPanel
          key={item.workItemId}
          workItemId={item.workItemId}
          isOver={!mayWork}
          suggested={suggested}
          onFinished={(finished, choice) => onFinished(finished, choice === "approve" ? "Approved" : "Rejected")}
        />
      )}
    </>
  );
}

/** What the record says and what the submitter said, so that nobody has to leave to decide. */
function ForDeciding({ detail: { facts, submissionComments, item } }: { detail: WorkDetail }) {
  return (
    <>
      {facts.length > 0 && (
        <dl className={classes.summary}>
          {facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value || "–"}</dd>
            </div>
          ))}
        </dl>
      )}
      {submissionComments && (
        <figure className={classes.quote}>
          <Text fz="sm" style={{ whiteSpace: "pre-wrap" }}>
            {submissionComments}
          </Text>
          {item.requesterName && (
            <Text component="figcaption" fz="xs" c="dimmed" mt={4}>
              {item.requesterName}, when submitting
            </Text>
          )}
        </figure>
      )}
    </>
  );
}

const ENDS = {
  done: "finished this",
  withdrawn: "This was withdrawn",
  superseded: "Another way made this unnecessary",
} as const;

function Closed({ detail: { closed, item } }: { detail: WorkDetail }) {
  if (!closed) return null;
  const kind = item.completionKind ?? "done";
  const verb = item.outcome === "approve" ? "approved this" : item.outcome === "reject" ? "rejected this" : ENDS.done;
  return (
    <Alert color={item.outcome === "reject" ? "red" : "teal"} icon={<IconCircleCheck size={18} />} role="status">
      <Text fz="sm">
        {kind === "done" ? `${closed.byName ?? "Somebody"} ${verb}` : ENDS[kind]} <Moment at={closed.at} />.
      </Text>
      {closed.comments && (
        <Text fz="sm" mt={4} style={{ whiteSpace: "pre-wrap" }}>
          “{closed.comments}”
        </Text>
      )}
    </Alert>
  );
}

function NotYours({ detail: { item } }: { detail: WorkDetail }) {
  const who = item.claimedBy?.name ?? item.assignee.name;
  return (
    <Alert color="gray" icon={<IconLock size={18} />} role="status">
      <Text fz="sm">
        {who} {item.claimedBy ? "is on it" : "has it"}. You can follow it here; the work itself is theirs.
      </Text>
    </Alert>
  );
}

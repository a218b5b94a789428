"use client";

import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { AnswerPanel } from "@/components/approvals/answer-panel";
import { Changes } from "@/components/approvals/changes";
import { ChosenInMail, outcomeChosen } from "@/components/approvals/chosen-in-mail";
import { DecisionPanel } from "@/components/approvals/decision-panel";
import { Attachments, ForDeciding, Quote } from "@/components/approvals/for-deciding";
import { WhatNext } from "@/components/approvals/what-next";
import { ScreenFlow } from "@/components/flows/screen-flow";
import { Moment } from "@/components/ui/moment";
import type { Finished } from "@/lib/interviews/schema";
import type { Difference, WorkDetail } from "@/lib/work/schema";
import { changedWhileOpen } from "@/lib/work/schema/changed-while-open";

type Props = {
  readonly detail: WorkDetail;
  /** The same as it was shown first. */
  readonly opened: WorkDetail;
  /** It was theirs, and is not theirs to see any more. */
  readonly isGone: boolean;
  readonly suggested: string | null;
  /** `said`: what to tell, e.g. "Approved". */
  readonly onFinished: (finished: Finished, said: string) => void;
};

/**
 * The work itself: a screen flow or a decision; or why there is nothing to do here. A form that is open when somebody else ends or takes
 * the work stays, without its buttons: what was typed in it is not taken away.
 */
export function ItemBody({ detail, opened, isGone, suggested, onFinished }: Props) {
  const { item, closed, hasScreens, approval, prompt } = detail;
  const mayWork = detail.mayWork && !isGone;
  const [wasOpen, setOpen] = useState(mayWork);
  if (mayWork && !wasOpen) setOpen(true);
  return (
    <>
      {item.kind === "interactive" ? <Attachments files={detail.files} /> : <ForDeciding detail={detail} />}
      {prompt && (
        <Quote by={`${prompt.byName}, ${item.kind === "question" ? "who asks" : "who sent it back"}`}>
          {prompt.text}
        </Quote>
      )}
      {mayWork && approval && <ChangedWhileOpen changes={changedWhileOpen(opened, detail)} />}
      {isGone && <Gone />}
      {closed && !isGone && <Closed detail={detail} />}
      {!closed && !mayWork && !isGone && <NotYours detail={detail} />}
      {mayWork && hasScreens && approval && <WhatNext workItemId={item.workItemId} outcomes={approval.outcomes} />}
      {mayWork && hasScreens && approval && (
        <ChosenInMail approval={approval} suggested={suggested} until="finish the form" />
      )}
      {wasOpen && hasScreens && (
        <ScreenFlow
          key={item.workItemId}
          workItemId={item.workItemId}
          shownAs={approval?.shownAs}
          suggested={approval && (outcomeChosen(approval, suggested)?.name ?? null)}
          isOver={!mayWork}
          onFinished={(finished) => onFinished(finished, "Finished")}
        />
      )}
      {wasOpen && !hasScreens && approval && (
        <DecisionPanel
          key={item.workItemId}
          workItemId={item.workItemId}
          approval={approval}
          isOver={!mayWork}
          suggested={suggested}
          onFinished={onFinished}
        />
      )}
      {wasOpen && !hasScreens && (item.kind === "question" || item.kind === "revision") && (
        <AnswerPanel
          key={item.workItemId}
          workItemId={item.workItemId}
          kind={item.kind}
          isOver={!mayWork}
          onFinished={onFinished}
        />
      )}
    </>
  );
}

/** Values change where they stand while somebody types below them: what they were when it was opened is told, so that nobody decides on what they did not see. */
const ChangedWhileOpen = ({ changes }: { changes: readonly Difference[] }) =>
  changes.length > 0 && (
    <Alert color="orange" role="status" icon={<IconAlertTriangle size={18} />} title="Changed since you opened this">
      <Changes changes={changes} since="you opened this" />
    </Alert>
  );

const ENDS = {
  done: "finished this",
  withdrawn: "This was withdrawn",
  superseded: "Another way made this unnecessary",
} as const;

const VERBS: Readonly<Record<string, string>> = { approve: "approved this", reject: "rejected this" };

function Closed({ detail: { closed, item, approval } }: { detail: WorkDetail }) {
  if (!closed) return null;
  const kind = item.completionKind ?? "done";
  const verb = VERBS[item.outcome ?? ""] ?? (approval?.said ? `decided “${approval.said}”` : ENDS.done);
  const color = kind !== "done" ? "gray" : item.outcome === "reject" ? "red" : "teal";
  return (
    <Alert
      color={color}
      icon={kind === "done" ? <IconCircleCheck size={18} /> : <IconInfoCircle size={18} />}
      role="status"
    >
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

const Gone = () => (
  <Alert color="orange" icon={<IconLock size={18} />} role="status">
    <Text fz="sm">
      This is no longer yours: it was given to somebody else, or you are not in its group any more. Nothing was decided
      or sent by you.
    </Text>
  </Alert>
);

function NotYours({ detail: { item, hasSaid } }: { detail: WorkDetail }) {
  const who = item.claimedBy?.name ?? item.assignee.name;
  const what = hasSaid
    ? "You have had your say on this, for yourself or in somebody's place: one decision each. You can follow here what the others decide."
    : `${who} ${item.claimedBy ? "is on it" : "has it"}. You can follow it here; the work itself is theirs.`;
  return (
    <Alert color="gray" icon={<IconLock size={18} />} role="status">
      <Text fz="sm">{what}</Text>
    </Alert>
  );
}

import { AUTOMATED_USER_ID } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Orchestration } from "../engine/definition";
import type { DeferredEffect } from "../engine/effect";
import { definitionOf } from "../engine/find";
import { type Outcome, outcomeNamed, outcomeStored } from "../engine/outcomes";
import type { RunState, WorkItem } from "../engine/state";
import { ownProperty } from "../logic/value";
import { queueMail } from "../notify/commands";
import { nameIds } from "../records/queries/name-ids";
import { pathOfRecord } from "./path-of-record";
import type { Change } from "./record";

type Status = Extract<DeferredEffect, { type: "notify-submitter" }>["status"];

/** Tells whoever submitted what became of it: by whose decision, or that nobody decided in time. */
export async function tellSubmitter(tx: Tx, { pinned, after }: Change, status: Status): Promise<void> {
  const { run, submission } = after;
  // Nobody reads mail for the automated process user.
  if (!submission || submission.submittedBy === AUTOMATED_USER_ID) return;
  const { item = null, ranOut = null } = lastWord(pinned.body, after, status) ?? {};
  const { completedBy: by = null, onBehalfOf = null } = item ?? {};
  const recordId = run.record?.id ?? null;
  const names = await nameIds(tx.db, "system", [recordId, by, onBehalfOf]);
  const nameOf = (id: string | null) => (id !== null && names[id]) || null;
  const [decider, delegator] = [nameOf(by), nameOf(onBehalfOf)];
  const content = {
    processLabel: pinned.body.label,
    recordName: nameOf(recordId),
    path: pathOfRecord(run.record) ?? "/work?view=requests",
    status,
    comments: item?.comments ?? null,
    decidedBy: decider && delegator ? `${decider} on behalf of ${delegator}` : decider,
    ranOut,
  };
  await queueMail(tx, { kind: "submission", recipientId: submission.submittedBy, runId: run.id, content });
}

/** What was said of an approval step: by somebody with an item of it, or by the time that ran out. */
type Word = {
  readonly at: string;
  readonly does: Outcome["does"] | undefined;
  readonly item: WorkItem | null;
  readonly ranOut: { readonly step: string; readonly outcome: string } | null;
};

/** How the words of those are called that end a submission so; what ended otherwise was decided by nobody, whatever was said before. */
const ENDED_BY: Readonly<Partial<Record<Status, Outcome["does"]>>> = { approved: "approve", rejected: "reject" };

/** The last word that made a submission end like this: of a rejected one the last rejection, though others approved after it. */
function lastWord(definition: Orchestration, state: RunState, status: Status): Word | undefined {
  const ending = ENDED_BY[status];
  if (!ending) return undefined;
  const words = wordsIn(definition, state);
  const alike = words.filter(({ does }) => does === ending);
  return (alike.length > 0 ? alike : words).reduce<Word | undefined>(
    (late, one) => (late && late.at > one.at ? late : one),
    undefined,
  );
}

const wordsIn = (definition: Orchestration, state: RunState): Word[] =>
  state.steps.flatMap((step) => {
    const defined = definitionOf(definition, state, step);
    if (defined.kind !== "approval") return [];
    const items = state.items.filter(
      ({ stepRunId, outcome, voting }) => stepRunId === step.id && outcome !== null && !voting,
    );
    const said = items.map((item): Word => {
      const does = outcomeStored(defined, item.outcome)?.does;
      return { at: item.closedAt ?? "", does, item, ranOut: null };
    });
    const outcome = outcomeNamed(defined, ownProperty(step.outputs ?? {}, "approvalDecision"));
    if (step.decidedBy !== "time_out" || !outcome) return said;
    const ranOut = { step: defined.label, outcome: outcome.label };
    return [...said, { at: step.endedAt ?? "", does: outcome.does, item: null, ranOut }];
  });

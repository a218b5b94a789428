import type { Actor, Command } from "../../../lib/engine/command";
import type { Move } from "../moves";
import { type ModelItem, type ModelRun, openItems } from "../reference/run";

/**
 * What people and the clock do to one approval, by who does it: `ada+` approves, `ada-` rejects, `ada~` sends it back to its submitter. Each
 * act looks up what it is about as the run is then, so that it can come at any time.
 */
export type Act = { readonly name: string; readonly does: (run: ModelRun) => Move; readonly minutes?: number };

const user = (id: string): Actor => ({ type: "user", id });
const none = "S#1/A#1:99";

/** The person's latest item of that sort, open or not; whether it is theirs is for the run to say. */
function itemOf(run: ModelRun, wanted: (item: ModelItem) => boolean): string {
  const items = run.steps.flatMap((step) => step.items).filter(wanted);
  return (items.findLast(({ status }) => status === "assigned") ?? items.at(-1))?.key ?? none;
}
const approvalOf = (run: ModelRun, id: string): string =>
  itemOf(run, ({ kind, assignee }) => kind === "approval" && assignee.id === id);
/** The item that everything else hangs on: the group's, or the single approver's. */
const rootOf = (run: ModelRun): string => itemOf(run, ({ kind, parent }) => kind === "approval" && !parent);

const WORDS = { "+": "Approve", "-": "Reject", "~": "Back" } as const;
type Word = keyof typeof WORDS;

export const says = (who: string, word: Word, inPlaceOf?: string): Act => ({
  name: `${who}${inPlaceOf ? ` for ${inPlaceOf} ` : ""}${word}`,
  does: (run) => ({
    command: {
      type: "complete-work-item",
      workItemId: approvalOf(run, inPlaceOf ?? who),
      outputs: { approvalDecision: WORDS[word], approvalComments: `${who}${word}` },
    },
    by: inPlaceOf ? { type: "user", id: who, onBehalfOf: inPlaceOf } : user(who),
  }),
});

/** One of those who have an open approval, counted round: they decide it. */
export const oneSays = (nth: number, word: Word): Act => ({
  name: `number ${nth}${word}`,
  does: (run) => {
    const open = run.steps.flatMap(openItems).filter(({ kind, voting }) => kind === "approval" && !voting);
    return says(open[nth % open.length]?.assignee.id ?? "ada", word).does(run);
  },
});

const about = (name: string, command: (run: ModelRun) => Command, by: Actor = user("root"), minutes = 0): Act => ({
  name,
  does: (run) => ({ command: command(run), by }),
  minutes,
});
const person = (id: string) => ({ type: "user", id }) as const;

export const leaves = (who: string): Act =>
  about(`${who} leaves`, (run) => ({ type: "member-left", workItemId: approvalOf(run, who) }));
export const reassigns = (from: string, to: string): Act =>
  about(`${from} to ${to}`, (run) => ({
    type: "reassign-work-item",
    workItemId: approvalOf(run, from),
    to: person(to),
    reason: "busy",
  }));
export const adds = (who: string): Act =>
  about(`adds ${who}`, (run) => ({ type: "add-approver", workItemId: rootOf(run), to: person(who), reason: "x" }));
export const overrides = (outcome: string): Act =>
  about(`override ${outcome}`, (run) => ({
    type: "override-work-item",
    workItemId: rootOf(run),
    outcome,
    comments: "openly",
  }));
export const asks = (who: string, whom: string): Act =>
  about(
    `${who} asks ${whom}`,
    (run) => ({ type: "ask-question", workItemId: approvalOf(run, who), to: person(whom), text: "why?" }),
    user(who),
  );
export const resubmits: Act = about(
  "resubmits",
  (run) => ({
    type: "complete-work-item",
    workItemId: itemOf(run, ({ kind }) => kind === "revision"),
    outputs: { comments: "mended" },
  }),
  user("ann"),
);
export const recalls: Act = about("recall", () => ({ type: "recall", reason: "a mistake" }), user("ann"));
export const suspends: Act = about("suspend", () => ({ type: "suspend", reason: "later" }));
export const resumes: Act = about("resume", () => ({ type: "resume", reason: "now" }));

/** The clock comes round: the escalation after an hour, the time-out after two. */
export const clock = (minutes: number): Act =>
  about(`${minutes} min`, () => ({ type: "wake", cause: { type: "clock" } }), { type: "system" }, minutes);

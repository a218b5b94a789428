import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";
import { keepTyped } from "../interviews/commands/save-draft";
import { lookAtScreen, submitScreen } from "../interviews/commands/submit-screen";
import type { AfterScreen, SubmitInput } from "../interviews/schema";
import { knownWork, workOfScreen } from "../interviews/work-of-screen";
import type { Person } from "../people/current-person";
import { stepUp } from "../people/sign-in/step-up";
import { type Result, refuse } from "../result";
import { lookAhead } from "../runs/dispatch";
import { holdRun, travelOf } from "../runs/hold-run";
import { runTogether } from "../together";
import { tellRun } from "./tell-run";

/** Refusals after which the work is not this person's to finish as it is, or is another than they saw: what they sent is kept as their draft (A14). */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  "item-closed",
  "claimed-by-other",
  "not-found",
  "not-your-work",
  "facts-changed",
  "run-closed",
  // Those of an approval's last Next.
  "own-submission",
  "said-already",
  "decided-before",
  "decided-in-place",
  "decides-elsewhere",
  "beyond-delegation",
  "made-by-submitter",
]);

type Sent = Result<AfterScreen>;

/**
 * One Next, Finish or Back as the act of a person, which may travel with others: the interview, its data operations, the work item and the run
 * in one transaction. Sent again with the same key it is answered as before and done once. Where the process asks for the password again, its
 * last screen decides only behind that, as `decideAgain` does. Refusals: those of `submitScreen`, `judgeDecision` and `stepUp`.
 */
export async function sendScreen(person: Person, { key, comments, password, ...input }: SubmitInput): Promise<Sent> {
  const { interviewId } = input;
  const header = { kind: "submit-screen", actorId: person.userId, key, subjectId: interviewId };
  const workItemId = knownWork(person.userId, interviewId);
  const travel = workItemId === undefined ? { holds: interviewId, runs: "" } : travelOf(workItemId);
  const send = (isConfirmed: boolean): Promise<Sent> =>
    runTogether(header, {
      ...travel,
      ahead: (tx) => look(tx, person, interviewId),
      work: async (tx, ahead): Promise<Sent> => {
        aloneOfIts(tx, interviewId);
        const looked = await asNow(tx, ahead, () => look(tx, person, interviewId));
        if (!looked) return refuse("not-found");
        const submitted = await submitScreen(tx, looked.screen, input);
        const closing = { comments, isConfirmed, looked: looked.seen };
        return submitted.ok ? tellRun(tx, person, { ...submitted.value, closing }) : submitted;
      },
    });
  const sent: Sent = await stepUp({ person, password, objectId: interviewId }, send);
  if (!sent.ok && NOT_TAKEN.has(sent.refusal.code)) {
    await transaction({ commandId: newId("command"), actorId: person.userId }, (tx) => keepTyped(tx, person, input));
  }
  return sent;
}

/** Locks the run, asks who asks, and reads the screen behind that: in one flight, or two where the locks of several are asked for together. */
async function look(tx: Tx, person: Person, interviewId: string) {
  const workItemId = knownWork(person.userId, interviewId) ?? (await workOfScreen(tx.db, person.userId, interviewId));
  if (workItemId === null) return null;
  const looking = lookAhead(tx, person, { workItemId });
  if (tx.isShared) await looking;
  const [seen, read] = await Promise.all([
    looking,
    lookAtScreen(tx, { userId: person.userId, interviewId, workItemId }),
  ]);
  const screen = { ...read, person: seen.now === "system" ? null : seen.now };
  return { workItemId, seen, screen, run: await holdRun(tx, { workItemId }) };
}

type Looked = Awaited<ReturnType<typeof look>>;

/** The interviews whose screens a transaction has taken, whatever it has undone since: not among what it holds, which is forgotten then. */
const taken = new WeakMap<Tx["turn"], Set<string>>();

/** Two sends of one screen read it at the same moment, when neither knew of the other: then each is done alone. */
function aloneOfIts({ isShared, turn }: Tx, interviewId: string): void {
  const before = taken.get(turn) ?? new Set<string>();
  if (isShared && before.has(interviewId)) throw new Error(`two sends of ${interviewId} travelled together`);
  taken.set(turn, before.add(interviewId));
}

/** What was read ahead, unless somebody whose turn was before changed the run since. */
async function asNow(tx: Tx, ahead: Looked, again: () => Promise<Looked>): Promise<Looked> {
  const isStill = ahead !== null && (await holdRun(tx, ahead)) === ahead.run;
  return isStill ? ahead : again();
}

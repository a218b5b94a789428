import { transaction } from "../../db/transaction";
import { runCommand } from "../command";
import { newId } from "../ids";
import { keepTyped } from "../interviews/commands/save-draft";
import { submitScreen } from "../interviews/commands/submit-screen";
import type { AfterScreen, SubmitInput } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { stepUp } from "../people/sign-in/step-up";
import type { Result } from "../result";
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
 * One Next, Finish or Back as the act of a person: the interview, its data operations, the work item and the run in one transaction. Sent
 * again with the same key it is answered as before and done once. Where the process asks for the password again, its last screen decides
 * only behind that, as `decideAgain` does. Refusals: those of `submitScreen`, `judgeDecision` and `stepUp`.
 */
export async function sendScreen(person: Person, { key, comments, password, ...input }: SubmitInput): Promise<Sent> {
  const { interviewId } = input;
  const header = { kind: "submit-screen", actorId: person.userId, key, subjectId: interviewId };
  const send = (isConfirmed: boolean) =>
    runCommand(header, async (tx) => {
      const submitted = await submitScreen(tx, person, input);
      return submitted.ok ? tellRun(tx, person, { ...submitted.value, closing: { comments, isConfirmed } }) : submitted;
    });
  const sent: Sent = await stepUp({ person, password, objectId: interviewId }, send);
  if (!sent.ok && NOT_TAKEN.has(sent.refusal.code)) {
    await transaction({ commandId: newId("command"), actorId: person.userId }, (tx) => keepTyped(tx, person, input));
  }
  return sent;
}

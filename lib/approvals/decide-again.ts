import { runCommand } from "../command";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { stepUp } from "../people/sign-in/step-up";
import type { Result } from "../result";
import { type Decision, decide } from "./commands";

type Input = Decision & { readonly key: string; readonly password?: string | undefined };

/** Decides; where the process asks for the password again, only behind that. Refusals: those of `decide` and `stepUp`. */
export function decideAgain(
  person: Person,
  { input: { key, password, ...input } }: { readonly input: Input },
): Promise<Result<Finished>> {
  const header = { kind: "approval.decide", actorId: person.userId, key, subjectId: input.workItemId };
  return stepUp({ person, password, objectId: input.workItemId }, (isConfirmed) =>
    runCommand(header, (tx) => decide(tx, person, { ...input, isConfirmed })),
  );
}

import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { stepUp } from "../people/sign-in/step-up";
import type { Result } from "../result";
import { travelOf } from "../runs/hold-run";
import { runTogether } from "../together";
import { lookAtItem } from "../work/look-at-item";
import { type Decision, decide } from "./commands";

type Input = Decision & { readonly key: string; readonly password?: string | undefined };

/** Decides, as an act that may travel with others; where the process asks for the password again, only behind that. Refusals: those of `decide` and `stepUp`. */
export function decideAgain(
  person: Person,
  { input: { key, password, ...input } }: { readonly input: Input },
): Promise<Result<Finished>> {
  const header = { kind: "approval.decide", actorId: person.userId, key, subjectId: input.workItemId };
  return stepUp({ person, password, objectId: input.workItemId }, (isConfirmed) =>
    runTogether(header, {
      ...travelOf(input.workItemId),
      asksAnew: true,
      ahead: (tx) => lookAtItem(tx, person, input.workItemId),
      work: (tx, seen) => decide(tx, person, { ...input, isConfirmed, seen }),
    }),
  );
}

import { and, eq } from "drizzle-orm";
import type { run, stepRun } from "../../db/schema/runs";
import { interview, type workItem } from "../../db/schema/work";
import type { Tx } from "../../db/transaction";
import { activeVersion, flowVersion } from "../definitions/queries";
import type { HumanStep } from "../engine/definition";
import type { Flow } from "../flow/definition";
import type { Values } from "../flow/interview";
import { ok, type Result, refuse } from "../result";
import { stateOf } from "./show-screen";

/** The screens in which a work item is done. */
export type Screens = {
  readonly flow: Flow;
  readonly flowVersion: number;
  readonly inputs: Values;
  readonly onFault: "keep_open" | "fail";
};

type At = {
  readonly item: typeof workItem.$inferSelect;
  readonly step: typeof stepRun.$inferSelect;
  readonly defined: HumanStep;
  readonly held: typeof run.$inferSelect;
  readonly userId: string;
};

/**
 * The screens of an item: its step's, in the version that its stage began with; of a question those that its author named for answers. What was sent
 * back has none. Refusals: `no-flow`, `flow-missing`.
 */
export async function findScreens(tx: Tx, at: At): Promise<Result<Screens>> {
  const { item, step, defined } = at;
  if (item.kind === "question") return screensForAnswer(tx, at);
  if (defined.flow === undefined || item.kind === "revision") return refuse("no-flow");
  const found = step.flow && (await flowVersion(tx.db, defined.flow, step.flow.version));
  return found
    ? ok({ flow: found.body, flowVersion: found.version, inputs: step.inputs, onFault: defined.onScreenFault })
    : refuse("flow-missing", { details: { flow: defined.flow } });
}

/** In the version in which this person came to a screen; before that in the active one. That they fail is nothing that the approval fails by. */
async function screensForAnswer(tx: Tx, { item, defined, held, userId }: At): Promise<Result<Screens>> {
  const name = defined.kind === "approval" ? defined.answers?.flow : undefined;
  if (name === undefined) return refuse("no-flow");
  const [begun] = await tx.db
    .select({ version: interview.flowVersion, state: interview.state })
    .from(interview)
    .where(and(eq(interview.workItemId, item.workItemId), eq(interview.userId, userId)));
  const isBegun = begun !== undefined && stateOf(begun).at !== null;
  const found = isBegun ? await flowVersion(tx.db, name, begun.version) : await activeVersion(tx.db, name);
  if (found?.body.kind !== "flow") return refuse("flow-missing", { details: { flow: name } });
  const inputs = { recordId: held.recordId, question: item.prompt };
  return ok({ flow: found.body, flowVersion: found.version, inputs, onFault: "keep_open" });
}

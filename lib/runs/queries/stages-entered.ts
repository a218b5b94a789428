import { and, desc, eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { history } from "../../../db/schema";
import type { Orchestration } from "../../engine/definition";
import type { Event } from "../../engine/event";
import { namesOf } from "../../people/queries";

/** How a run came from stage to stage. */
export type StagesEntered = {
  /** Stage runs entered on a fault or because somebody said so, in words: "on error of “Pay”", "Ada Admin went there". */
  readonly entered: ReadonlyMap<string, string>;
  /** Names of stages whose fault path was taken. */
  readonly caught: ReadonlySet<string>;
  /** The outcome that each decision took last; null is the default. */
  readonly decided: ReadonlyMap<string, string | null>;
};

const TYPES = ["fault-caught", "went-to-stage", "stage-started", "decision-taken"];
/** A run enters at most 1,000 stages; what lies between two of them is bounded too. */
const MAX_EVENTS = 5_000;

export async function stagesEntered(db: Database, { elements }: Orchestration, runId: string): Promise<StagesEntered> {
  const rows = await db
    .select()
    .from(history)
    .where(and(eq(history.runId, runId), inArray(history.type, TYPES)))
    .orderBy(desc(history.seq))
    .limit(MAX_EVENTS);
  const movers = rows.filter(({ type }) => type === "went-to-stage").flatMap(({ actorId }) => actorId ?? []);
  const names = await namesOf(
    db,
    movers.map((id) => ({ type: "user", id })),
  );
  const labelOf = (name: string) => elements.find((element) => element.name === name)?.label ?? name;
  const [entered, caught, decided] = [new Map<string, string>(), new Set<string>(), new Map<string, string | null>()];
  let because: string | null = null;
  for (const row of rows.reverse()) {
    // What people wrote may be erased; where the run went is not.
    const event = { type: row.type, ...(row.payload as object) } as Event;
    if (event.type === "decision-taken") decided.set(event.decision, event.outcome);
    if (event.type === "went-to-stage") because = `${names[row.actorId ?? ""] ?? "Somebody"} went there`;
    if (event.type === "fault-caught") {
      caught.add(event.stageName);
      because = `on error of “${labelOf(event.stageName)}”`;
    }
    if (event.type !== "stage-started") continue;
    if (because !== null) entered.set(event.stageRunId, because);
    because = null;
  }
  return { entered, caught, decided };
}

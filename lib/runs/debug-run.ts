import type { Tx } from "../../db/transaction";
import { runCommand } from "../command";
import { pinVersion } from "../definitions/commands/pin-version";
import type { Orchestration } from "../engine/definition";
import type { Person } from "../people/current-person";
import { mayNow } from "../people/may-now";
import { ok, type Result, refuse } from "../result";
import { playThrough } from "./play-through";
import { debugTrace } from "./queries/debug-trace";
import type { DebugOutcome, DebugRunInput, DebugTrace } from "./schema/debug";
import { begin, recordsToStart } from "./start";

type Act = { readonly key?: string; readonly input: DebugRunInput };

/**
 * Plays a version of an orchestration, a draft too (semantics 5.6): one person stands in for every assignee, steps with mocked outputs are
 * taken to have given them, and no mails are sent. Kept it is a run like any other, which calls operations and writes records, but what is decided
 * in it is no evidence of anything; else all of it is undone, and the answer is what it did. Refusals: `not-found`, `definition-invalid` (a draft,
 * with its problems), `run-as-admin`, `no-such-stage`, `unknown-step`, and those of a start.
 */
export async function debugRun(person: Person, { input, key }: Act): Promise<Result<DebugOutcome>> {
  const header = { kind: "run.debug", actorId: person.userId, subjectId: input.definitionId, ...(key ? { key } : {}) };
  if (input.keep) return runCommand(header, (tx) => startDebugRun(tx, person, input));
  let trace: DebugTrace | null = null;
  const undone = await runCommand<never>(header, async (tx) => {
    trace = null;
    const started = await startDebugRun(tx, person, input);
    if (!started.ok) return started;
    const { runId } = started.value;
    const played = await playThrough(tx, runId);
    trace = await debugTrace(tx, person, { runId, played });
    // A refusal is what rolls a command back.
    return refuse("rolled-back");
  });
  if (trace) return ok({ trace });
  return undone.ok ? refuse("rolled-back") : undone;
}

/** Begins one that is kept; refusals as of `debugRun`. */
export async function startDebugRun(tx: Tx, person: Person, input: DebugRunInput): Promise<Result<{ runId: string }>> {
  const { definitionId: name, version, startStage, mocks, inputs, recordId } = input;
  if (!(await mayNow(tx, person, ["run.debug"]))) return refuse("not-found");
  const pinned = await pinVersion(tx, person, { name, version });
  if (!pinned.ok) return pinned;
  const { body } = pinned.value;
  const known = new Set(stepNames(body));
  const stranger = Object.keys(mocks).find((step) => !known.has(step));
  if (stranger !== undefined) return refuse("unknown-step", { details: { step: stranger } });
  const record = await recordsToStart(tx, person, { body, recordId, inputs });
  if (!record.ok) return record;
  return begin(tx, {
    pinned: pinned.value,
    actor: { type: "user", id: person.userId },
    record: record.value,
    recordPrior: null,
    inputs,
    comments: "",
    debug: { playedBy: person.userId, mocks, startStage },
  });
}

const stepNames = ({ elements }: Orchestration): string[] =>
  elements.flatMap((element) => (element.type === "stage" ? element.steps.map(({ name }) => name) : []));

import { databaseNow, type Tx } from "../../db/transaction";
import { activeVersion } from "../definitions/queries";
import { advance } from "../flow/advance";
import { begin } from "../flow/begin";
import { type Flow, MAX_SECONDS_PER_EXECUTION, MAX_SUBFLOW_DEPTH } from "../flow/definition";
import { type Answer, elementNamed, type FlowClock, failFinally, type Request, type Step } from "../flow/interview";
import { passedOn } from "../flow/trace";
import type { Person } from "../people/current-person";
import { sentenceOf } from "../refusals";
import type { Refusal } from "../result";
import { askWorld } from "./ask-world";
import { climbed, type Going, isGuarded, nested } from "./frames";
import { runAccess } from "./run-access";
import { undoneIfRefused } from "./undo";

/** One execution of a flow: for which step, in whose name, and until when by `performance.now()`. */
export type Work = {
  readonly runId: string;
  readonly stepRunId: string;
  /** Null: the automated process user. */
  readonly person: Person | null;
  readonly clock: FlowClock;
  readonly endsAt: number;
  /** Whether the elements that are passed are to be told: of a debug run. */
  readonly isTraced: boolean;
};

/** An execution that begins now, by the database's clock and, for days, that of the person's zone. */
export async function workOf(
  tx: Tx,
  { isTraced = false, ...about }: Pick<Work, "runId" | "stepRunId" | "person"> & { readonly isTraced?: boolean },
): Promise<Work> {
  const clock = { now: (await databaseNow(tx)).toISOString(), timeZone: about.person?.timeZone ?? "UTC" };
  return { ...about, isTraced, clock, endsAt: performance.now() + MAX_SECONDS_PER_EXECUTION * 1_000 };
}

/** What a flow begins with that nobody called. */
export const beginningOf = ({ clock, isTraced }: Work) => ({ clock, ...(isTraced && { trace: [] }) });

/** Characters of one interview's state as JSON. */
const MAX_STATE_CHARACTERS = 4_000_000;

/** Flows that stop here, and what the innermost wants; `state` is all of them, nested. */
export type Paused = Step & { readonly going: Going };

const COMMITS: readonly Request["type"][] = ["screen", "wait", "action", "subflow"];

/** A flow that nobody called, at its first request or at the one that it was left at. */
export const outermost = (flow: Flow, work: Work, step: Step): Going => ({
  outer: [],
  at: { flow, access: runAccess(flow, work.person), version: 0 },
  step,
});

/**
 * Answers the data operations of flows, in this transaction and with their own access, until something else is wanted: a screen, an action,
 * a called flow, a wait, or the end.
 */
export const carryOn = (tx: Tx, work: Work, from: Going): Promise<Paused> => carry(tx, work, { from, stops: COMMITS });

/** As `carryOn`, and does actions and called flows on the way too: for flows that live in one transaction, which cannot wait. */
export async function carryThrough(tx: Tx, work: Work, from: Going): Promise<Paused> {
  const paused = await carry(tx, work, { from, stops: ["screen", "wait"] });
  return paused.request.type === "wait"
    ? failed(paused.going, "The flow waits, and whoever called it cannot wait with it.")
    : paused;
}

async function carry(
  tx: Tx,
  work: Work,
  { from, stops }: { from: Going; stops: readonly Request["type"][] },
): Promise<Paused> {
  let going = from;
  for (;;) {
    const paused = settled(going);
    going = paused.going;
    const { type } = going.step.request;
    if (type === "end" || type === "failure" || stops.includes(type)) return bounded(paused);
    const late = stoppedLate(work, going);
    if (late) return late;
    going = await answered(tx, work, going);
  }
}

/** Flows whose execution has had its time; null: it goes on. */
export const stoppedLate = ({ endsAt }: Work, going: Going): Paused | null =>
  performance.now() > endsAt ? failed(going, `The flow was stopped after ${MAX_SECONDS_PER_EXECUTION} seconds.`) : null;

function bounded(paused: Paused): Paused {
  const isTooLarge = paused.request.type !== "failure" && JSON.stringify(paused.state).length > MAX_STATE_CHARACTERS;
  return isTooLarge
    ? failed(paused.going, `The flow holds more than ${MAX_STATE_CHARACTERS} characters of values.`)
    : paused;
}

/** Stops all flows at a bound, which no fault connector catches. */
function failed(going: Going, message: string): Paused {
  const { state } = going.step;
  return settled({ ...going, step: failFinally(state, state.at, message) });
}

/** Where flows stand after the end or failure of called ones is given to their callers. */
export function settled(from: Going): Paused {
  let going = from;
  for (let up = climbed(going); up; up = climbed(going)) going = up;
  return { state: nested(going), request: going.step.request, going };
}

/** Puts one request to the world and its answer to the flow. */
export async function answered(tx: Tx, work: Work, going: Going): Promise<Going> {
  const { at, step } = going;
  if (step.request.type === "subflow") return called(tx, work, going);
  const ask = () => askWorld(tx, { ...work, access: at.access, flow: at.flow }, step.request);
  const answer = await (isGuarded(going) ? undoneIfRefused(tx, ask) : ask());
  return told(going, answer.ok ? answer.value : { type: "failed", message: messageOf(going, answer.refusal) });
}

/** The innermost flow after an answer. */
export const told = (going: Going, answer: Answer): Going => ({
  ...going,
  step: advance(going.at.flow, going.step.state, answer),
});

/** Begins the version of the called flow that is active now; its caller waits at the element. */
async function called(tx: Tx, work: Work, going: Going): Promise<Going> {
  const { outer, at, step } = going;
  if (step.request.type !== "subflow") throw new Error("no flow is called here");
  const { flow: name, inputs } = step.request;
  if (outer.length + 2 > MAX_SUBFLOW_DEPTH)
    return told(going, {
      type: "failed",
      message: `Flows may call one another at most ${MAX_SUBFLOW_DEPTH} deep; ${name} would be too deep.`,
      isFinal: true,
    });
  const found = await activeVersion(tx.db, name);
  const flow = found?.body.kind === "flow" && found.body.type === "autolaunched" ? found.body : null;
  if (!found || !flow)
    return told(going, { type: "failed", message: `No version of the autolaunched flow ${name} is active.` });
  return {
    outer: [...outer, { ...at, state: step.state }],
    at: { flow, access: runAccess(flow, work.person, at.access), version: found.version },
    step: begin(flow, inputs, passedOn(step.state)),
  };
}

/** Why an element failed, for whoever reads the run page: the fields by name, where a record was refused. */
function messageOf({ at, step }: Going, refusal: Refusal): string {
  const label = elementNamed(at.flow, step.state.at)?.label ?? step.state.at;
  return `${label}: ${reasonOf(refusal)}`;
}

function reasonOf(refusal: Refusal): string {
  if (refusal.code === "not-found") return "there is no such record, or this flow may not change it.";
  return refusal.problems?.length ? refusal.problems.map(({ message }) => message).join(" ") : sentenceOf(refusal);
}

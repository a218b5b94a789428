import type { Proof } from "../logic/schema";
import { textOf } from "../logic/text-of";
import type { Value } from "../logic/value";
import type { InterviewState, Passed, Place } from "./interview";

/** Elements that one trace tells of; what comes after them is left out. */
export const MAX_TRACED = 1_000;
/** Characters of one value in it. */
const MAX_CHARACTERS = 200;

/** The last elements passed that every execution remembers. */
export const MAX_LATELY = 20;

const isAt = (last: Place | undefined, { flow, element }: Place): boolean =>
  last?.flow === flow && last.element === element;

/** What was passed so far, by flows in one another too: the innermost has it. Null: it is not told. */
export const traceOf = ({ sub, trace }: InterviewState): readonly Passed[] | null =>
  sub ? traceOf(sub.state) : (trace ?? null);

/** The last elements passed, by flows in one another too: the innermost has them. */
export const latelyOf = ({ sub, lately = [] }: InterviewState): readonly Place[] =>
  sub ? latelyOf(sub.state) : lately;

/** A state that is gone back to, with what was passed meanwhile. */
export function withTrace(state: InterviewState, meanwhile: InterviewState): InterviewState {
  const trace = traceOf(meanwhile);
  return { ...state, ...(trace && { trace }), lately: latelyOf(meanwhile) };
}

/** What a flow hands to one that it calls, and is handed back by it. */
export const passedOn = ({ passed, evaluated, reckoned, clock, trace, lately }: InterviewState) => ({
  ...{ passed, evaluated, clock },
  ...(reckoned !== undefined && { reckoned }),
  ...(trace && { trace }),
  ...(lately && { lately }),
});

/**
 * Notes that an element is entered; one that is entered again after an answer of the world is noted once. Where the execution is traced all
 * are noted, and one that is tried again after it failed twice.
 */
export function passing(state: InterviewState, place: Place): InterviewState {
  const { trace, lately = [] } = state;
  const last = trace?.at(-1);
  const noted = isAt(lately.at(-1), place) ? state : { ...state, lately: [...lately.slice(1 - MAX_LATELY), place] };
  if (!trace || trace.length >= MAX_TRACED || (isAt(last, place) && last?.fault === undefined)) return noted;
  return { ...noted, trace: [...trace, place] };
}

/** Says more of an element than that it was entered. */
export function noting(
  state: InterviewState,
  place: Place,
  more: Pick<Passed, "took" | "asked" | "fault">,
): InterviewState {
  const { trace } = passing(state, place);
  const last = trace?.at(-1);
  if (!trace || !last || !isAt(last, place)) return state;
  const asked = more.asked && { asked: more.asked.map(({ outcome, proof }) => ({ outcome, proof: short(proof) })) };
  return { ...state, trace: [...trace.slice(0, -1), { ...last, ...more, ...asked }] };
}

const short = (proof: Proof): Proof => ({
  ...proof,
  requirements: proof.requirements.map((row) => ({
    ...row,
    leftValue: shortValue(row.leftValue),
    rightValue: shortValue(row.rightValue),
  })),
});

const shortValue = (value: Value): Value =>
  value === null || typeof value === "number" || typeof value === "boolean"
    ? value
    : textOf(value).slice(0, MAX_CHARACTERS);

import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { DatabaseUnavailable, TransactionLost } from "../db/transaction";
import { recordSecurityEvent } from "./audit/commands";
import { inRequest } from "./audit/in-request";
import { boundKey } from "./command";
import { log } from "./log";
import { currentPerson, type Person } from "./people/current-person";
import { keepToLimits, type LimitKind } from "./people/keep-to-limits";
import { readAddress } from "./people/sign-in/read-address";
import { sentenceOf } from "./refusals";
import { originProblem, sizeProblem } from "./request";
import { ok, type Problem, type Refusal, type Result, refuse } from "./result";

/**
 * The one wrapper of server actions. An action is a public endpoint: it can be posted to any path, without cookie or origin. So each
 * asks by itself, in this order: own origin → session → size → shape → and inside its transaction, the gate.
 */

/** What the browser is told. `message` is the sentence of the code; `problems` belong to fields. */
export type ActionResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly problems: readonly Problem[] };

export type Ask<Input> = {
  readonly person: Person;
  /** Its `key`, if it has one, is bound to what it says. */
  readonly input: Input;
  /** Names this act, however often it is sent (the input's `key`); without one every call is an act of its own. */
  readonly key?: string;
};

export type ActionSpec<Schema extends z.ZodType, T> = {
  /** `<noun>.<verb>`: its name in the inventory, in security events and logs. */
  readonly name: string;
  /** Strict: keys it does not know are refused. */
  readonly schema: Schema;
  /** Characters of one text, where 100,000 are not enough. */
  readonly maxText?: number;
  /** How often it may be asked (S42). */
  readonly limit?: LimitKind;
  readonly run: (ask: Ask<z.output<Schema>>) => Promise<Result<T>>;
};

/** Where a call comes from and who makes it; taken from the request by `action`, given by tests. */
export type Caller = { readonly headers: Headers; readonly person: () => Promise<Person | null> };

type Perform = (caller: Caller, input: unknown) => Promise<ActionResult<unknown>>;
/** Every action of this process by name; the test of roles × operations asks that none is missing from its table. */
export const inventory = new Map<string, Perform>();

export const failure = (
  refusal: Refusal,
): { ok: false; code: string; message: string; problems: readonly Problem[] } => ({
  ok: false,
  code: refusal.code,
  message: sentenceOf(refusal),
  problems: refusal.problems ?? [],
});

/** A path into the input as conditions and forms write it: `elements[0].name`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text && "."}${String(part)}`),
    "",
  );

/** What a schema found, as problems at their places. */
export const problemsOf = (error: z.ZodError): Problem[] =>
  error.issues
    .slice(0, 50)
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: "is not known here" }))
        : [{ path: pathText(issue.path), message: issue.message }],
    );

/** A fault as a refusal: what was thrown goes to the log under a short id, and only that id to the person (S39). */
export function refusalOfFault(error: unknown, name: string): Refusal {
  if (error instanceof DatabaseUnavailable) return { code: "busy" };
  if (error instanceof TransactionLost) return { code: "outcome-unknown" };
  const id = randomBytes(4).toString("hex");
  log().error({ err: error, fault: id, at: name }, "fault");
  return { code: "fault", details: { id } };
}

/** Leaves a trace of an act that was refused because it is not that person's to do (S81). */
export async function recordDenial(name: string, person: Person, input: unknown): Promise<void> {
  const ids =
    typeof input === "object" && input !== null ? Object.entries(input).filter(([key]) => /id$|^name$/i.test(key)) : [];
  const first = ids.find(([, value]) => typeof value === "string")?.[1];
  const objectId = typeof first === "string" ? first.slice(0, 100) : null;
  await recordSecurityEvent(null, { action: name, actorId: person.userId, objectId, allowed: false });
}

async function answer<Schema extends z.ZodType, T>(
  spec: ActionSpec<Schema, T>,
  caller: Caller,
  sent: unknown,
): Promise<Result<T>> {
  const origin = originProblem(caller.headers);
  if (origin) return { ok: false, refusal: origin };
  const person = await caller.person();
  if (!person) return refuse("signed-out");
  const read = inputOf(spec.schema, sent, spec.maxText);
  if (!read.ok) return read;
  const from = { asker: person.userId, address: readAddress(caller.headers) };
  const tooOften = spec.limit ? await keepToLimits(spec.limit, from) : null;
  if (tooOften) return { ok: false, refusal: tooOften };
  const input = bound(read.value);
  const key = keyOf(input);
  const result = await spec.run({ person, input, ...(key ? { key } : {}) });
  if (!result.ok && result.refusal.code === "not-found") await recordDenial(spec.name, person, read.value);
  return result;
}

function inputOf<Schema extends z.ZodType>(schema: Schema, input: unknown, maxText?: number): Result<z.output<Schema>> {
  const size = sizeProblem(input, maxText);
  if (size) return { ok: false, refusal: size };
  const parsed = schema.safeParse(input);
  return parsed.success ? ok(parsed.data) : refuse("invalid", { problems: problemsOf(parsed.error) });
}

/**
 * The same input with its key bound to it, so that whichever of the two names the act, it is answered only for what it was sent with; but for
 * what the page showed, which is another when the act was done, is there to be seen, and is sent again.
 */
function bound<Input>(input: Input): Input {
  const key = keyOf(input);
  return key === undefined ? input : { ...input, key: boundKey(key, { ...input, shownAs: undefined }) };
}

const keyOf = (input: unknown): string | undefined => {
  const key = typeof input === "object" && input !== null && "key" in input ? input.key : undefined;
  return typeof key === "string" ? key : undefined;
};

async function ofThisRequest(): Promise<Caller> {
  const { headers } = await import("next/headers");
  return { headers: await headers(), person: currentPerson };
}

type Answer<T> = (caller: Caller, input: unknown) => Promise<Result<T>>;

function make<Input, T>(name: string, answerTo: Answer<T>): (input: Input) => Promise<ActionResult<T>> {
  const perform = async (caller: Caller, input: unknown): Promise<ActionResult<T>> => {
    try {
      const result = await inRequest(readAddress(caller.headers), () => answerTo(caller, input));
      return result.ok ? result : failure(result.refusal);
    } catch (error) {
      return failure(refusalOfFault(error, name));
    }
  };
  inventory.set(name, perform);
  return async (input) => perform(await ofThisRequest(), input);
}

/** Makes a server action of what it does. The function never throws for what a caller did or sent. */
export function action<Schema extends z.ZodType, T>(
  spec: ActionSpec<Schema, T>,
): (input: z.input<Schema>) => Promise<ActionResult<T>> {
  return make(spec.name, (caller, input) => answer(spec, caller, input));
}

export type OpenActionSpec<Schema extends z.ZodType, T> = {
  readonly name: string;
  readonly schema: Schema;
  readonly run: (ask: { readonly input: z.output<Schema>; readonly headers: Headers }) => Promise<Result<T>>;
};

/** The few actions that nobody need be signed in for: asking for a link, setting up. Everything else is asked in the same order. */
action.forAnyone = function forAnyone<Schema extends z.ZodType, T>(
  spec: OpenActionSpec<Schema, T>,
): (input: z.input<Schema>) => Promise<ActionResult<T>> {
  return make(spec.name, async ({ headers }, input) => {
    const origin = originProblem(headers);
    if (origin) return { ok: false, refusal: origin };
    const read = inputOf(spec.schema, input);
    return read.ok ? spec.run({ input: bound(read.value), headers }) : read;
  });
};

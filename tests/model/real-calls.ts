import { isDeepStrictEqual } from "node:util";
import { and, eq } from "drizzle-orm";
import { db } from "../../db/client";
import { job } from "../../db/schema";
import { allowed, anOperation } from "../builders/connections";
import { json, type Target } from "../support/http-target";
import { tryJob } from "./real-jobs";
import type { ModelStep } from "./reference/run";
import type { FlowEnd } from "./reference/waiting";

/** External steps call another system, which answers what the case says. */
const MOST_TRIES = 3;
const GIVEN = { approvalDecision: "Approve", Comments: "from afar" };

/** What each answer means by what the operation says of itself: an end, or that it is tried again as often as it says. */
const ANSWERS = {
  well: { answers: json(GIVEN), means: { gives: GIVEN } },
  refused: { answers: json({ approvalDecision: "Reject" }, 200), means: { gives: { approvalDecision: "Reject" } } },
  mapped: { answers: json({ error: "twice" }, 409), means: { fails: "It is there already. It answered 409 Conflict" } },
  unmapped: { answers: json({ error: "what?" }, 400), means: { fails: "It answered 400 Bad Request" } },
  finishing: { answers: json({ error: "gone" }, 410), means: { gives: {} } },
  misshapen: { answers: json({ approvalDecision: 5 }), means: { fails: "its answer is not as described" } },
  down: { answers: json({ sorry: "down" }, 503), means: null },
  later: { answers: json({}, 429, { "retry-after": "120" }), means: null },
  mappedToLater: { answers: json({}, 423), means: null },
  broken: { answers: (_, response) => response.destroy(), means: null },
} as const satisfies {
  readonly [what: string]: { readonly answers: Parameters<Target["answer"]>[0]; readonly means: FlowEnd | null };
};
export type Answering = keyof typeof ANSWERS;
export const ANSWERINGS = Object.keys(ANSWERS) as readonly Answering[];

/** The operation that the steps call. */
export async function describePost({ origin }: Target): Promise<void> {
  const text = { type: "string" };
  await allowed(origin);
  await anOperation(origin, {
    ...{ name: "Post", method: "POST", path: "/posts", maxAttempts: MOST_TRIES },
    output: { type: "object", properties: { approvalDecision: text, Comments: text }, required: ["approvalDecision"] },
    errors: [
      { status: "409", outcome: "fail", message: "It is there already." },
      { status: "410", outcome: "finish" },
      { status: "423", outcome: "retry" },
    ],
  });
}

type Calling = { readonly step: ModelStep; readonly stepRunId: string; readonly tries: number };

/** One call for the step; null: it is to be tried again. Throws where it is not one call, of that step, with what it is to be told. */
export async function callReally(
  target: Target,
  { step, stepRunId, tries }: Calling,
  answering: Answering,
): Promise<FlowEnd | null> {
  const { answers, means } = ANSWERS[answering];
  target.answer(answers);
  const [queued] = await db()
    .select({ jobId: job.jobId })
    .from(job)
    .where(and(eq(job.stepRunId, stepRunId), eq(job.status, "queued")));
  if (!queued) throw new Error(`there is no job for ${step.key}`);
  const { status, attempts, lastError } = await tryJob(queued.jobId);
  const isLast = tries === MOST_TRIES;
  const [asked, ...others] = target.seen;
  const told = Object.fromEntries(Object.entries(step.inputs).filter(([, value]) => value !== null));
  if (others.length > 0 || asked?.url !== "/posts" || !isDeepStrictEqual(JSON.parse(asked.body), told))
    throw new Error(`${step.key} sends ${JSON.stringify(target.seen)}, not ${JSON.stringify(told)}`);
  if (asked.headers["idempotency-key"] !== `${queued.jobId}-${stepRunId}`)
    throw new Error(`try ${tries} has the key ${asked.headers["idempotency-key"]}`);
  if (attempts !== tries || status !== (means || isLast ? "done" : "queued"))
    throw new Error(`after ${tries} tries the job is ${status}, tried ${attempts} times: ${lastError}`);
  return means ?? (isLast ? { fails: `(tried ${MOST_TRIES} times)` } : null);
}

import { eq } from "drizzle-orm";
import type { z } from "zod";
import { db } from "../../db/client";
import { enqueue } from "../../db/jobs";
import { run } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { recordSecurityEvent } from "../audit/commands";
import { problemsOf } from "../check/problems-of";
import { boundKey, runCommand } from "../command";
import { isSignedBy, readSignature, type Signed } from "../connect/check-signature";
import { type Source, sourceNamed } from "../connect/queries/source-named";
import { EVENT_WINDOW_SECONDS, eventBody } from "../connect/schema/event";
import { isId } from "../ids";
import { parseJson, sizeProblem } from "../request";
import { ok, type Result, refuse } from "../result";
import { startRun } from "./start";

type Event = z.output<typeof eventBody>;
type Posted = {
  readonly source: string;
  /** The header Baton-Signature. */
  readonly signature: string | null;
  readonly body: Buffer;
};
/** `isNew`: a run was started; else one was woken. */
export type Taken = { readonly runId: string; readonly isNew: boolean };

/**
 * An event of another system (S41): starts its source's process as Baton itself, or publishes the Flow Orchestration Event for one of that
 * process's runs. The nonce is its key: sent again it has the same answer and no second effect; with another body it is refused. Refusals:
 * `event-unsigned` for whatever is not signed by a known source, which is told nothing else, `event-late`, `event-elsewhere`, and those of
 * starting.
 */
export async function takeEvent({ source: name, signature, body }: Posted): Promise<Result<Taken>> {
  const signed = readSignature(signature);
  const source = await sourceNamed(db(), name);
  if (!signed || !source || !isSignedBy(source.secret, signed, body)) {
    const objectId = source?.name ?? null;
    await recordSecurityEvent(null, { action: "event", actorId: null, objectId, allowed: false });
    return refuse("event-unsigned");
  }
  const read = readEvent(body);
  if (!read.ok) return read;
  if (Math.abs(await ageOf(signed)) > EVENT_WINDOW_SECONDS) return refuse("event-late");
  const key = boundKey(`${name} ${signed.nonce}`, body.toString("base64"));
  return runCommand({ kind: "event", actorId: null, key, subjectId: name }, async (tx) => {
    await tx.sql`
      update event_source set last_event_at = clock_timestamp()
      where name = ${name} and coalesce(last_event_at < clock_timestamp() - interval '1 minute', true)`;
    return follow(tx, source, read.value);
  });
}

/** Seconds since it was signed, by the database's clock. */
async function ageOf({ seconds }: Signed): Promise<number> {
  const [row] = await db().execute<{ now: number }>("select extract(epoch from clock_timestamp())::float8 as now");
  return (row?.now ?? 0) - seconds;
}

function readEvent(body: Buffer): Result<Event> {
  const json = parseJson(body);
  if (!json.ok) return json;
  const size = sizeProblem(json.value);
  if (size) return { ok: false, refusal: size };
  const parsed = eventBody.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : refuse("invalid", { problems: problemsOf(parsed.error) });
}

async function follow(tx: Tx, { label, definitionId }: Source, event: Event): Promise<Result<Taken>> {
  if ("runId" in event) {
    const { runId } = event;
    const [found] = isId("run", runId)
      ? await tx.db.select({ definitionId: run.definitionId }).from(run).where(eq(run.runId, runId))
      : [];
    if (found?.definitionId !== definitionId) return refuse("event-elsewhere");
    await enqueue(tx, { kind: "wake", runId, payload: { type: "flow", flow: label, runId: null } });
    return ok({ runId, isNew: false });
  }
  const { inputs, recordId = null } = event;
  const started = await startRun(tx, "system", { definitionId, recordId, inputs });
  return started.ok ? ok({ runId: started.value.runId, isNew: true }) : started;
}

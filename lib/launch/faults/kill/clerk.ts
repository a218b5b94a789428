import { createToken } from "../../../connect/commands/change-token";
import type { Person } from "../../../people/current-person";
import { saveRecord } from "../../../records/commands/save-record";
import { ok, type Result } from "../../../result";
import { startRun } from "../../../runs/start";
import { openScreens } from "../../../work/open-screens";
import { sendScreen } from "../../../work/send-screen";
import { wire } from "../../wire";
import { commanded } from "../world";

/**
 * A process that gives commands for people, as the web server does behind its actions, without the pages: asked over the channel to its parent, any
 * number of questions at once.
 */
export type Deed =
  | { readonly type: "begin" }
  | { readonly type: "finish"; readonly workItemId: string }
  /** What somebody needs who begins and finishes over HTTP: a record, and a token. */
  | { readonly type: "record" }
  | { readonly type: "token"; readonly secret: string };
export type Question = { readonly id: number; readonly person: Person; readonly key: string; readonly deed: Deed };
export type Reply = { readonly id: number; readonly result: Result<unknown> | null; readonly error: string | null };
const SCOPES = ["runs:start", "approvals:decide"] as const;

async function give({ person, key, deed }: Question): Promise<Result<unknown>> {
  if (deed.type === "finish") return finish(person, key, deed.workItemId);
  return commanded(person, key, async (tx): Promise<Result<unknown>> => {
    if (deed.type === "token")
      return createToken(tx, person, { name: "Load", scopes: [...SCOPES], days: 30, secret: deed.secret });
    const saved = await saveRecord(tx, person, { object: "Thing", name: "A load", values: {} });
    if (!saved.ok || deed.type === "record") return saved;
    const recordId = saved.value.id;
    const started = await startRun(tx, person, { definitionId: "Load", recordId, inputs: {} });
    return started.ok ? ok({ recordId, runId: started.value.runId }) : started;
  });
}

/** By its one screen; asked again, the screen is found by its key though the item is finished. */
async function finish(person: Person, key: string, workItemId: string): Promise<Result<unknown>> {
  const opened = await commanded(person, `${key}-screen`, (tx) => openScreens(tx, person, { workItemId }));
  if (!opened.ok) return opened;
  if (opened.value.type !== "screen") throw new Error(`${workItemId} shows no screen`);
  const { interviewId, screen } = opened.value;
  return sendScreen(person, {
    ...{ interviewId, screen: screen.name, key },
    ...{ values: { comment: "done" }, direction: "next" },
  });
}

/** The messages of an error and of what is behind it, with their codes. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, cause } = error as Error & { code?: string };
  return [error.message.slice(0, 200), code, cause === undefined ? null : wordsOf(cause)].filter(Boolean).join(" < ");
}

wire();
process.on("message", (question: Question) => {
  if (!("deed" in question)) return;
  const reply = (told: Omit<Reply, "id">) => process.send?.({ id: question.id, ...told } satisfies Reply);
  give(question).then(
    (result) => reply({ result, error: null }),
    (error: unknown) => reply({ result: null, error: wordsOf(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

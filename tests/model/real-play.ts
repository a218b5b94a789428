import { isDeepStrictEqual } from "node:util";
import { eq } from "drizzle-orm";
import { db } from "../../db/client";
import { record } from "../../db/schema";
import { TransactionLost } from "../../db/transaction";
import type { Orchestration } from "../../lib/engine/definition";
import { newId } from "../../lib/ids";
import { stateNow } from "../builders/runs";
import { isOver, type Source, type Start } from "./case";
import { type Deed, ROOT } from "./deeds";
import { addressed, itemKeyById } from "./engine";
import type { Move } from "./moves";
import { Disagreement } from "./play-case";
import {
  beginCase,
  changeReally,
  endCase,
  inSteps,
  lastEventOf,
  REAL_TICK_MS,
  type RealCase,
  realDefinition,
  realistic,
  seenReally,
  tellReally,
} from "./real-case";
import { AROUND, activateSometimes, doReally } from "./real-deeds";
import { doJob, wakeByJob } from "./real-jobs";
import { type Answer, deliverAll, forgetMails, type Post, tellUnheard } from "./real-mails";
import { isAwaited, type RealBefore } from "./real-script";
import type { RealWorld } from "./real-world";
import { obey } from "./reference/obey";
import { following } from "./reference/people";
import type { ModelRun } from "./reference/run";
import { Endless } from "./reference/settle";
import { startRun } from "./reference/start-run";
import { agreed, seenOfModel } from "./visible";
import { changeWorld, tellTime, type World } from "./world";

export type RealTally = {
  [what in "cases" | "commands" | "legal" | "repeated" | "torn" | "byJob" | "endless" | "around" | "deeds"]: number;
} & { [what in "followed" | "mails" | "unheard" | "askedAgain"]: number };
export const newTally = (): RealTally => ({
  ...{ cases: 0, commands: 0, legal: 0, repeated: 0, torn: 0, byJob: 0, endless: 0, around: 0, deeds: 0 },
  ...{ followed: 0, mails: 0, unheard: 0, askedAgain: 0 },
});

type Stage = { readonly real: RealWorld; readonly post: Post; readonly tally: RealTally };
type Playing = Stage & {
  readonly one: RealCase;
  readonly model: ModelRun;
  readonly world: World;
  readonly moves: Move[];
};

let made = 0;

/** One case through dispatch and PostgreSQL; a run that never comes to rest is left there. Throws where the rows are not what the model sees. */
export async function playReally(
  stage: Stage,
  { definition: random, world: any, start, ...source }: Source<RealBefore>,
) {
  const { real, tally } = stage;
  const world = realistic(real, any);
  const definition = realDefinition(random, { count: ++made, now: world.now });
  const begin = beginningOf(definition, world, start);
  await forgetMails();
  tally.cases++;
  let one: RealCase | null = null;
  try {
    const model = startRun(definition, world, { by: "ann", start: begin });
    one = await beginCase(real, definition, { world, start: begin });
    await compare({ one, model, moves: [] });
    await playTurns({ ...stage, one, model, world, moves: [] }, source);
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    tally.endless++;
  } finally {
    if (one) await endCase(one);
  }
}

/** Only a save gives a run prior values, and it gives no inputs. */
function beginningOf({ start: how }: Orchestration, { record }: World, { debug: _, ...start }: Start): Start {
  if (how.type !== "record_triggered") return { ...start, recordPrior: null };
  const { "Parent.Level": __, ...own } = record;
  return { ...start, inputs: {}, recordPrior: how.on === "update" ? { ...own, Size: 9 } : null };
}

async function playTurns(
  playing: Playing,
  { before, move }: Pick<Source<RealBefore>, "before" | "move">,
): Promise<void> {
  const { one, model, world, moves, tally } = playing;
  for (let now = isOver(model) ? null : before(model); now; now = isOver(model) ? null : before(model)) {
    if (now.around) {
      await AROUND[now.around](one);
      tally.around++;
    }
    changeWorld(world, await changeReally(one, now.change), REAL_TICK_MS);
    if (now.sometimes !== null) await askedAgain(playing, now.sometimes);
    if (now.deed) await playDeed(playing, now.deed);
    if (now.mails) await playMails(playing, now.mails);
    const next = move(model, moves);
    moves.push(next);
    await playMove(playing, next, now);
  }
}

async function playDeed(playing: Playing, deed: Deed): Promise<void> {
  const { one, model, world, moves, tally } = playing;
  // Nobody changes who decides what they sent again themselves.
  if (hasSentAgain(model)) return;
  tellTime(world, await lastEventOf(one));
  const follows = following(model, deed);
  for (let next = follows.next(); !next.done; next = follows.next(obey(model, next.value.command, next.value.by))) {
    moves.push(next.value);
    tally.followed++;
  }
  await doReally(one, deed, world);
  tally.deeds++;
  await compare(playing);
}

const hasSentAgain = ({ steps }: ModelRun): boolean =>
  steps.some(({ items }) => items.some(({ kind, completedBy }) => kind === "revision" && completedBy === ROOT));

/** Who could not be told of an assignment: the items are flagged. */
async function playMails(playing: Playing, answer: Answer): Promise<void> {
  const { one, model, post, tally } = playing;
  const unheard = await deliverAll(post, one.runId, answer);
  tally.mails++;
  tally.unheard += unheard.length;
  const state = await stateNow(one.runId);
  for (const { workItemId, assignmentNo } of unheard) {
    const command = { type: "mail-undelivered", workItemId: itemKeyById(state, workItemId), assignmentNo } as const;
    await byRealClock(playing);
    obey(model, command, { type: "system" });
    playing.moves.push({ command, by: { type: "system" } });
  }
  await tellUnheard(one.runId, unheard);
  await compare(playing);
}

/** Runs that ask an evaluation flow ask its new version. */
async function askedAgain(playing: Playing, isAlways: boolean): Promise<void> {
  const { one, model, world, tally } = playing;
  const asks = model.status === "in_progress" && JSON.stringify(model.definition).includes('"flow":"Sometimes"');
  world.answers.Sometimes = isAlways || (await flagOf(one));
  await byRealClock(playing);
  if (asks) obey(model, { type: "wake", cause: { type: "clock" } }, { type: "system" });
  const isWoken = await activateSometimes(one, isAlways);
  if (isWoken !== asks) throw new Disagreement(`it is woken: ${isWoken}`, playing.moves, await sidesOf(playing));
  tally.askedAgain += Number(isWoken);
  await compare(playing);
}

async function playMove(playing: Playing, next: Move, now: RealBefore): Promise<void> {
  const { one, model, world, moves, tally } = playing;
  tally.commands++;
  if (now.isByJob && (await playByJob(playing, next))) return;
  const key = newId("command");
  if (now.isTorn) {
    tally.torn += Number(await isTornReally(playing, next, key));
    await compare(playing);
  }
  tellTime(world, await lastEventOf(one));
  const expected = obey(model, next.command, next.by);
  const code = await tellReally(one, next, { key, world });
  if (code !== expected)
    throw new Disagreement(`the model says ${expected}, dispatch ${code}`, moves, await sidesOf(playing));
  await compare(playing);
  if (expected !== null) return;
  tally.legal++;
  if (!now.isRepeated) return;
  // The same command with the same key: the same answer, and nothing else (I47).
  if ((await tellReally(one, next, { key, world })) !== null)
    throw new Disagreement("repeated it is refused", moves, await sidesOf(playing));
  await compare(playing);
  tally.repeated++;
}

/** Nothing of a command is left whose connection ended before its commit. */
async function isTornReally({ one, world }: Playing, next: Move, key: string): Promise<boolean> {
  try {
    await tellReally(one, next, { key, world, isTorn: true });
    return false;
  } catch (error) {
    if (error instanceof TransactionLost) return true;
    throw error;
  }
}

/** Wakes, and what flows of asynchronous steps give, by the worker's jobs. False: it is no such command. */
async function playByJob(playing: Playing, { command, by }: Move): Promise<boolean> {
  const { one, model, tally } = playing;
  if (command.type === "wake") {
    await byRealClock(playing);
    obey(model, command, by);
    await wakeByJob(one.runId, command.cause);
  } else if (command.type === "flow-finished" || command.type === "flow-failed") {
    const step = model.steps.find(({ key }) => key === command.stepRunId);
    if (step?.definition.kind !== "background" || !isAwaited(model, command.stepRunId)) return false;
    const told = addressed(await stateNow(one.runId), command);
    const stepRunId = "stepRunId" in told ? told.stepRunId : "";
    // What fails by somebody's word is not the flow's own doing.
    if (command.type === "flow-failed" && command.element === "Here") return false;
    await byRealClock(playing);
    obey(model, command, by);
    if (!(await doJob({ stepRunId }))) throw new Error(`there is no job for ${command.stepRunId}`);
  } else return false;
  tally.byJob++;
  tally.legal++;
  await compare(playing);
  return true;
}

/** The worker has the database's clock. */
const byRealClock = async ({ one, world }: Playing) => tellTime(world, await lastEventOf(one), Date.now());

async function flagOf({ recordId }: RealCase): Promise<boolean> {
  const [row] = await db().select({ data: record.data }).from(record).where(eq(record.recordId, recordId));
  return row?.data.Flag === true;
}

type Comparing = Pick<Playing, "one" | "model" | "moves">;

async function sidesOf({ one, model }: Pick<Comparing, "one" | "model">) {
  const seen = await seenReally(one);
  return { model: agreed(inSteps(seenOfModel(model)), seen), engine: seen };
}

async function compare({ one, model, moves }: Comparing): Promise<void> {
  const sides = await sidesOf({ one, model });
  if (!isDeepStrictEqual(sides.model, sides.engine)) throw new Disagreement("they see another run", moves, sides);
}

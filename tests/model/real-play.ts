import { eq } from "drizzle-orm";
import { db } from "../../db/client";
import { record } from "../../db/schema";
import type { Orchestration } from "../../lib/engine/definition";
import { stateNow } from "../builders/runs";
import { isOver, type Source, type Start } from "./case";
import { type Deed, ROOT } from "./deeds";
import { itemKeyById } from "./engine";
import { Disagreement } from "./play-case";
import {
  beginCase,
  changeReally,
  endCase,
  lastEventOf,
  REAL_TICK_MS,
  type RealCase,
  realDefinition,
  realistic,
} from "./real-case";
import { AROUND, activateSometimes, doReally } from "./real-deeds";
import { hearOfSaves, lookTooLate, noMachines, versionsNow } from "./real-machines";
import { type Answer, deliverAll, forgetMails, tellUnheard } from "./real-mails";
import { playMove } from "./real-moves";
import { byRealClock, compare, type Playing, type Stage, sidesOf } from "./real-playing";
import { ENDS, lastWords, noScreens, typeReally } from "./real-screens";
import type { RealBefore } from "./real-script";
import { obey } from "./reference/obey";
import { following } from "./reference/people";
import type { ModelRun } from "./reference/run";
import { Endless } from "./reference/settle";
import { startRun } from "./reference/start-run";
import type { Typing } from "./screens";
import { changeWorld, tellTime, type World } from "./world";

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
  tally.played += Number(begin.debug !== undefined);
  let one: RealCase | null = null;
  try {
    const model = startRun(definition, world, { by: begin.debug?.playedBy ?? "ann", start: begin });
    one = await beginCase(real, definition, { world, start: begin });
    const playing = {
      ...stage,
      one,
      model,
      world,
      moves: [],
      screens: noScreens(),
      machines: noMachines(stage.target),
    };
    await compare(playing);
    await playTurns(playing, source);
    tally.machines.late += await lookTooLate(playing);
    await compare(playing);
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    tally.endless++;
  } finally {
    if (one) await endCase(one);
  }
}

/** Only a save gives a run prior values, and it gives no inputs. Whoever plays a debug run has not asked for what is decided in it: there the two are one. */
function beginningOf({ start: how, processType }: Orchestration, { record }: World, { debug, ...start }: Start): Start {
  if (debug && processType === "orchestrator") return { ...start, debug, recordPrior: null };
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
    const versions = await versionsNow(playing);
    changeWorld(world, await changeReally(one, now.change), REAL_TICK_MS);
    await hearOfSaves(playing, versions);
    if (now.sometimes !== null) await askedAgain(playing, now.sometimes);
    if (now.deed) await playDeed(playing, now.deed);
    if (now.mails) await playMails(playing, now.mails);
    await playTyping(playing, now.typing ?? []);
    const next = move(model, moves);
    moves.push(next);
    await playMove(playing, next, now);
  }
  if (isOver(model)) await playTyping(playing, lastWords(playing.screens));
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

/** What is typed at the screens of work. Only the last of them is anything to the run. */
async function playTyping(playing: Playing, typings: readonly Typing[]): Promise<void> {
  for (const typing of typings) if (ENDS.has(await typeReally(playing, typing))) await compare(playing);
  if (typings.length > 0) await compare(playing);
}

async function flagOf({ recordId }: RealCase): Promise<boolean> {
  const [row] = await db().select({ data: record.data }).from(record).where(eq(record.recordId, recordId));
  return row?.data.Flag === true;
}

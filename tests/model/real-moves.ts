import { TransactionLost } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { stateNow } from "../builders/runs";
import { addressed, keyOf } from "./engine";
import type { Move } from "./moves";
import { Disagreement } from "./play-case";
import type { Answering } from "./real-calls";
import { lastEventOf, tellReally } from "./real-case";
import { doJob, wakeByJob } from "./real-jobs";
import { doMachine } from "./real-machines";
import { byRealClock, compare, type Playing, sidesOf } from "./real-playing";
import { finishByScreens } from "./real-screens";
import { isAwaited, type RealBefore } from "./real-script";
import { obey } from "./reference/obey";
import { find } from "./reference/work";
import { isScreened } from "./screens";
import { isSlow, tellTime } from "./world";

export async function playMove(playing: Playing, next: Move, now: RealBefore): Promise<void> {
  const { one, model, world, moves, tally } = playing;
  tally.commands++;
  if (await playMachine(playing, next, now.answering ?? "well")) return;
  if (now.isByJob && (await playByJob(playing, next))) return;
  if (now.isByScreens && (await playByScreens(playing, next))) return;
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

/** What a flow that waits, or another system, comes to by a job. False: the command is about no such step, or one that has ended. */
async function playMachine(playing: Playing, { command }: Move, answering: Answering): Promise<boolean> {
  const { model, world, tally } = playing;
  if (command.type !== "flow-finished" && command.type !== "flow-failed") return false;
  const step = model.steps.find(({ key }) => key === command.stepRunId);
  if (!step || !isSlow(world, step) || !isAwaited(model, step.key)) return false;
  await byRealClock(playing);
  const { done, command: said, isTriedAgain = false } = await doMachine(playing, step, answering);
  world.handsOn = isTriedAgain;
  if (said) obey(model, said, { type: "system" });
  world.handsOn = false;
  if (said?.type === "flow-failed") await expectReason(playing, said);
  tally.machines[done]++;
  tally.legal++;
  await compare(playing);
  return true;
}

/** The step says why it failed, at once or when the run is resumed. */
async function expectReason(
  { one }: Playing,
  { stepRunId, error }: { stepRunId: string; error: string },
): Promise<void> {
  const state = await stateNow(one.runId);
  const step = state.steps.find(({ id }) => keyOf(state, id) === stepRunId);
  const said = step?.error ?? step?.storedFailure?.error;
  if (!said?.includes(error)) throw new Error(`${stepRunId} failed with ${said}, not ${error}`);
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

/** The screens of an open item, with what the command would have given. False: it is no such command. */
async function playByScreens(playing: Playing, { command, by }: Move): Promise<boolean> {
  const { model, tally } = playing;
  if (command.type !== "complete-work-item" || by.type !== "user") return false;
  const found = find(model, command.workItemId);
  if (typeof found === "string" || !isScreened(found)) return false;
  const { approvalDecision, approvalComments, Comments = approvalComments ?? null } = command.outputs;
  const holds = { approvalDecision: approvalDecision || "Approve", Comments };
  const isEnded = await finishByScreens(playing, { item: found.item.key, who: by.id, holds });
  tally.byScreens += Number(isEnded);
  tally.legal += Number(isEnded);
  await compare(playing);
  return true;
}

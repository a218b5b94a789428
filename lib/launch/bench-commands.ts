import { and, eq } from "drizzle-orm";
import { db } from "../../db/client";
import { workItem } from "../../db/schema";
import { runCommand } from "../command";
import { importDefinitions } from "../definitions/commands/import-definitions";
import { newId } from "../ids";
import { createPlace } from "../people/commands/change-place";
import { type Person, personById } from "../people/current-person";
import { findGroup } from "../people/queries";
import { createObject } from "../records/commands/define-object";
import { saveRecord } from "../records/commands/save-record";
import { cancelRun, controlRun, goToStage, retryRun } from "../runs/commands";
import { startTogether } from "../runs/start";
import { claimItem, releaseItem } from "../work/commands/claim-item";
import { reassignItem } from "../work/commands/reassign-item";
import { CASE, CREW, GUIDED } from "./bench-definitions";
import { type Cost, costOf } from "./bench-meter";
import { complete, granted, setTheStage } from "./bench-runs";
import { say } from "./progress.mjs";

/** The commands of people that run no flow, in the order of their use. */
export type Measured =
  | "start"
  | "complete"
  | "claim"
  | "release"
  | "reassign"
  | "cancel"
  | "suspend"
  | "resume"
  | "fail"
  | "skip"
  | "go-to-stage"
  | "retry";

type Case = {
  readonly recordId: string;
  /** Of the run about it, where it has begun. */
  readonly runId: string;
  readonly item: string;
  readonly stepRunId: string;
};
type Act = {
  /** What must have happened before. */
  readonly first?: (one: Case) => Promise<unknown>;
  readonly act: (one: Case) => Promise<unknown>;
};

const by = async <T>(person: Person, work: Parameters<typeof runCommand<T>>[1]): Promise<T> =>
  granted(await runCommand({ kind: "bench", actorId: person.userId, key: newId("command") }, work));

const startAbout = async (person: Person, recordId: string): Promise<string> => {
  const header = { kind: "run.start", actorId: person.userId, key: newId("command"), subjectId: GUIDED.name };
  const start = { definitionId: GUIDED.name, recordId, inputs: {} };
  return granted(await startTogether(header, person, start)).runId;
};

const OTHERS = "bench-others";
const REASON = "for the bench";
/** Done before those that count, so that statements are prepared and definitions known. */
const WARM = 2;

function actsOf(person: Person, others: string): Record<Measured, Act> {
  const control = (runId: string, type: "suspend" | "resume") =>
    by(person, (tx) => controlRun(tx, person, { runId, command: { type, reason: REASON } }));
  const fail = ({ runId, stepRunId }: Case) =>
    by(person, (tx) => controlRun(tx, person, { runId, command: { type: "fail-step", stepRunId, reason: REASON } }));
  const skip = ({ runId, stepRunId }: Case) => {
    const command = { type: "skip-step", stepRunId, reason: REASON, outputs: null } as const;
    return by(person, (tx) => controlRun(tx, person, { runId, command }));
  };
  const claim = ({ item }: Case) => by(person, (tx) => claimItem(tx, person, { workItemId: item, takeOver: false }));
  return {
    start: { act: ({ recordId }) => startAbout(person, recordId) },
    complete: { act: ({ item }) => complete(person, item) },
    claim: { act: claim },
    release: { first: claim, act: ({ item }) => by(person, (tx) => releaseItem(tx, person, { workItemId: item })) },
    reassign: {
      act: ({ item }) =>
        by(person, (tx) =>
          reassignItem(tx, person, { workItemId: item, to: { type: "group", id: others }, reason: REASON }),
        ),
    },
    cancel: { act: ({ runId }) => by(person, (tx) => cancelRun(tx, person, { runId, reason: REASON })) },
    suspend: { act: ({ runId }) => control(runId, "suspend") },
    resume: { first: ({ runId }) => control(runId, "suspend"), act: ({ runId }) => control(runId, "resume") },
    fail: { act: fail },
    skip: { act: skip },
    "go-to-stage": {
      act: ({ runId }) => by(person, (tx) => goToStage(tx, person, { runId, stage: "Second", reason: REASON })),
    },
    retry: {
      first: fail,
      act: ({ runId }) => by(person, (tx) => retryRun(tx, person, { runId, reason: REASON })),
    },
  };
}

/** What the commands are given to, and whoever gives them as they are then, a member of both groups; the id of the second. */
async function setTheCases(admin: Person): Promise<{ person: Person; others: string }> {
  const known = await findGroup(db(), OTHERS);
  const others = known?.groupId ?? (await makeCases(admin));
  const person = await personById(db(), admin.userId);
  if (!person) throw new Error("the person is not there");
  return { person, others };
}

/** An object, the orchestration about it, and two groups; the id of the second. */
async function makeCases(admin: Person): Promise<string> {
  const words = { label: CASE, pluralLabel: `${CASE}s`, nameLabel: "Name", icon: "file", othersMay: "edit" } as const;
  await by(admin, (tx) => createObject(tx, admin, { name: CASE, ...words }));
  const members = [{ type: "user", id: admin.userId }] as const;
  const group = (name: string) =>
    by(admin, (tx) => createPlace(tx, admin, { type: "group", name, label: name, members: [...members] }));
  await group(CREW);
  await by(admin, (tx) => importDefinitions(tx, admin, { content: [GUIDED], activate: true }));
  return (await group(OTHERS)).id;
}

async function begun(person: Person, name: string): Promise<Case> {
  const saved = { object: CASE, values: { Name: name } };
  const { id: recordId } = await by(person, (tx) => saveRecord(tx, person, saved));
  if (name === "start") return { recordId, runId: "", item: "", stepRunId: "" };
  const runId = await startAbout(person, recordId);
  const [open] = await db()
    .select({ item: workItem.workItemId, stepRunId: workItem.stepRunId })
    .from(workItem)
    .where(and(eq(workItem.runId, runId), eq(workItem.status, "assigned")));
  if (!open) throw new Error(`${runId} has no open item`);
  return { recordId, runId, ...open };
}

/**
 * What each of them costs, given `times` times one after another to runs about a record each, whose work is a group's. `admin` may do all of it;
 * the flow `Ask` is active.
 */
export async function costsOfCommands(admin: Person, times: number): Promise<Record<Measured, Cost>> {
  const { person, others } = await setTheCases(admin);
  const costs: [string, Cost][] = [];
  for (const [name, { act, first }] of Object.entries(actsOf(person, others))) {
    const cases: Case[] = [];
    for (let index = 0; index < times + WARM; index++) cases.push(await begun(person, name));
    for (const one of cases) await first?.(one);
    for (const one of cases.splice(0, WARM)) await act(one);
    costs.push([name, await costOf(times, (index) => Promise.resolve(cases[index] && act(cases[index])))]);
  }
  return Object.fromEntries(costs) as Record<Measured, Cost>;
}

/** Commands of each kind that are counted. */
const COUNTED = 20;
/** A command that runs no flow is at most so many round trips; what open pages are told after its commit counts among them. */
export const WANTED = 5;

/** `npm run bench`: what each of them costs the database, a JSON line a command. */
export async function benchCommands(): Promise<void> {
  const costs = await costsOfCommands(await setTheStage(), COUNTED);
  for (const [command, cost] of Object.entries(costs))
    say(JSON.stringify({ system: "project", command, ...cost, wanted: WANTED, reached: cost.round_trips <= WANTED }));
}

import type { StepDefinition } from "../../lib/engine/definition";
import type { Values } from "../../lib/engine/state";
import type { Value } from "../../lib/logic/value";

/** What lies outside a run, the same for the engine and for the model: the record, the flows, the people, another run, the clock. */
export type World = {
  /** Values of paths of `$Record` (`Parent.Level`) as they are now. */
  readonly record: { [path: string]: Value };
  /** Active flows by name; a name that is missing, or null, has no active version. */
  readonly flows: { [name: string]: FlowInWorld | null };
  /** Every version that was active once, by `name version`: runs are pinned to them. */
  readonly versions: { [flow: string]: FlowInWorld };
  /** What evaluation flows say; null: they fail. */
  readonly answers: { [flow: string]: boolean | null };
  /** Another run that holds the lock of the record. */
  lockedBy: string | null;
  /** Who is in the groups and queues, in the order in which they get their votes; also who is not active. */
  readonly members: { [team: string]: readonly string[] };
  /** Who was deactivated. */
  inactive: readonly string[];
  /** Whether dee stands in for bob. */
  standIn: boolean;
  /** Managers of people. */
  readonly managers: { readonly [person: string]: string };
  /** Whether cleo stands in for everybody who cannot be found. */
  readonly hasFallback: boolean;
  /** Whether, after her, whoever started the run does. */
  readonly starterStandsIn: boolean;
  /** What the run is told comes from a job that was tried before: synchronous flows that follow are left to jobs of their own. */
  handsOn?: boolean;
  /** What the clock says, in milliseconds since the epoch; it may be set back. */
  clock: number;
  /** What the run is told of it: always later than when something last happened to it. */
  now: number;
};

/** What a run of the flow gives: outputs, or the text of its fault. */
export type FlowInWorld = {
  readonly version: number;
  readonly isAsynchronous: boolean;
  readonly gives: Values | string;
  /** It is left to a job. */
  readonly isHandedOn?: true;
  /** The events of its Wait element; it gives what belongs to the one that came first. */
  readonly waits?: readonly Awaited[];
  /** It waits in a flow that it calls. */
  readonly isCalling?: true;
};

/** What a Wait element waits for: an amount of time, the instant that its step names, a value of the record, a save of the record with one. */
export type Awaited = { readonly name: string; readonly gives: Values } & (
  | { readonly type: "time"; readonly minutes: number }
  | { readonly type: "until" }
  | { readonly type: "holds"; readonly path: "Size" | "Parent.Level"; readonly value: number }
  | { readonly type: "saved"; readonly path: "Word"; readonly value: string }
);

export const RECORD = { object: "Deal", id: "rec_1" };
export const PARENT = "rec_parent";
/** Records that a path is read from, where they are more than the run's own. */
export const BEHIND: { readonly [path: string]: readonly string[] } = {
  "Parent.Level": [RECORD.id, PARENT],
};

/** A world with nothing in it but what is given. */
export const aWorld = (given: Partial<World> = {}): World => {
  const now = Date.UTC(2026, 0, 1);
  return {
    ...{ record: {}, flows: {}, versions: versionsOf(given.flows ?? {}), answers: {}, lockedBy: null },
    ...{
      members: {},
      inactive: [],
      standIn: true,
      managers: {},
      hasFallback: false,
      starterStandsIn: false,
      clock: now,
      now,
    },
    ...given,
  };
};

/** What changes in the world between two commands. */
export type WorldChange = {
  readonly record?: World["record"];
  readonly flows?: World["flows"];
  readonly answers?: World["answers"];
  readonly lockedBy?: string | null;
  /** Milliseconds beyond the next tick of the clock; less than 0: it is set back. */
  readonly later?: number;
};

export function changeWorld(
  world: World,
  { record, flows = {}, answers, lockedBy = world.lockedBy, later = 0 }: WorldChange,
  tick = TICK_MS,
): void {
  Object.assign(world.record, record);
  Object.assign(world.flows, flows);
  Object.assign(world.versions, versionsOf(flows));
  Object.assign(world.answers, answers);
  world.lockedBy = lockedBy;
  world.clock += tick + later;
}
export const TICK_MS = 1_000;

/** When the next command comes to a run to which something happened last at that instant (F44). */
export function tellTime(world: World, last: string | undefined, clock = world.clock): void {
  world.now = Math.max(clock, last === undefined ? 0 : Date.parse(last) + 1);
}

export const versionsOf = (flows: World["flows"]): World["versions"] =>
  Object.fromEntries(
    Object.entries(flows).flatMap(([name, flow]) => (flow ? [[`${name} ${flow.version}`, flow]] : [])),
  );

type Call = { readonly flow: string; readonly version: number | null; readonly runAs: string | null };

/** What that version gives: a text is the fault that it ends with. Nothing runs as somebody who is not active (S33). */
export function givenBy({ versions, inactive }: World, { flow, version, runAs }: Call): Values | string {
  if (runAs !== null && inactive.includes(runAs)) return "not active";
  return versions[`${flow} ${version}`]?.gives ?? "gone";
}

type WithFlow = { readonly definition: StepDefinition; readonly flowVersion: number | null };

/** What the flow of a step waits for, if it does. */
export const eventsOf = ({ versions }: World, { definition, flowVersion }: WithFlow): FlowInWorld["waits"] =>
  definition.kind === "background" ? versions[`${definition.flow} ${flowVersion}`]?.waits : undefined;

/** Whether it is done by a machine that may take its time: a flow that waits, or another system. */
export const isSlow = (world: World, step: WithFlow): boolean =>
  step.definition.kind === "external" || eventsOf(world, step) !== undefined;

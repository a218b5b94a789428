import type { Person } from "../people/current-person";

/** What a rule about one run looks at: who asked for what it does (`askerOf`); null: nobody. */
export type RunSubject = { readonly askedBy: string | null };
export type KnownRun = RunSubject & {
  /** Everybody who has or had work of it: users, groups and queues by id. */
  readonly involved: readonly string[];
};

const seesAll = (person: Person): boolean => person.role === "manager" || person.role === "admin";
const isInvolved = (person: Person, ids: readonly string[]): boolean =>
  ids.some((id) => id === person.userId || person.groups.includes(id) || person.queues.includes(id));

/** What a rule about what is done to a run looks at: who plays it, if it is a debug run. */
export type ControlSubject = { readonly playedBy: string | null };

const controls = (person: Person, run: ControlSubject): boolean =>
  person.role === "admin" || (run.playedBy !== null && run.playedBy === person.userId);

/** Who may do what to runs. Asked through `lib/gate.ts`. */
export const runsPolicy = {
  /** The pages that show everybody's runs. */
  "run.list": seesAll,
  /** The whole run: every step's values, and what every condition saw. Work in it gives no right to that. */
  "run.read": (person: Person, run: RunSubject): boolean => seesAll(person) || run.askedBy === person.userId,
  /** That there is such a run, and what became of the work in it that one has or had. */
  "run.know": (person: Person, run: KnownRun): boolean =>
    seesAll(person) || run.askedBy === person.userId || isInvolved(person, run.involved),
  /** Start an active orchestration; whether the record may be seen is asked apart. */
  "run.start": (_person: Person): boolean => true,
  "run.cancel": controls,
  "run.retry": controls,
  /** Suspend, resume, skip or fail a step, go to a stage. */
  "run.control": controls,
  /** Play any version of an orchestration, drafts too, to see what it does; what is played may be kept, and then is real. */
  "run.debug": (person: Person): boolean => person.role === "author" || person.role === "admin",
};

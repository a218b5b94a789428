import { expect, test } from "vitest";
import { inventory } from "../../lib/action";
import type { Command } from "../../lib/engine/command";
import { SCENARIOS } from "../../lib/launch/faults/scenarios";
import { codeOf, sources } from "./sources";

/**
 * Whatever changes something is swept (`npm run faults -- --sweep`), or is named here with the reason why not. Actions that a scenario is given
 * through say so themselves; of all else this says by which scenario.
 */
const actions = import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

const scenarios = new Set(SCENARIOS.map(({ name }) => name));
const swept = new Set(SCENARIOS.flatMap(({ action }) => action ?? []));

const ENGINE = {
  start: "start",
  "complete-work-item": "complete, the last of its stage",
  "override-work-item": "override",
  "add-approver": "add an approver",
  "ask-question": "ask a question",
  "member-left": "a voter leaves the group",
  recall: "recall, with a recall path",
  "reassign-work-item": "reassign",
  "claim-work-item": "claim",
  "release-work-item": "release",
  "mail-undelivered": "no mail could be delivered",
  "nobody-left": "a group is left by all",
  "somebody-came": "somebody joins a group that was left by all",
  "flow-finished": "a background flow finishes",
  "flow-failed": "a flow fails behind what it has committed",
  "flow-handed-on": "a flow tried before is followed by another",
  "keep-lock": "a flow locks the record, another unlocks it",
  wake: "wake by a job",
  "wake-failed": "the tries to wake a run are used up",
  cancel: "cancel",
  retry: "retry with edited inputs",
  suspend: "suspend",
  resume: "resume, with an answer stored meanwhile",
  "skip-step": "skip a step",
  "fail-step": "fail a step",
  "go-to-stage": "go to a stage",
  "answer-evaluation": "start, with an evaluation flow",
  "answer-evaluation-failed": "start, with an evaluation flow",
  "answer-assignee": "start",
  "answer-escalation": "a reminder, an escalation and a time-out are due",
  "answer-successor": "decide in an approver's place beside one's own",
  "seal-submission": "send again",
  "seal-time-out": "a reminder, an escalation and a time-out are due",
  "answer-no-assignee": "an event starts a run that nobody can be given",
} as const satisfies Record<Command["type"], string>;

/** Actions and doors whose scenario gives the same command without them. */
const ELSEWHERE = {
  "definition.activate": "activate a definition",
  "event-source.create": "a source of events",
  "event-source.replace-secret": "another secret for a source of events",
  "item.claim": "claim",
  "item.release": "release",
  "people.deactivate": "deactivate a person, with hand-over",
  "run.cancel": "cancel",
  "run.fail-step": "fail a step",
  "run.go-to-stage": "go to a stage",
  "run.resume": "resume, with an answer stored meanwhile",
  "run.skip-step": "skip a step",
  "run.suspend": "suspend",
  "tokens.create": "a token",
  "work.openInterview": "open a screen",
  "work.saveDraft": "save a draft",
  "work.submitScreen": "submit a screen",
  "api.start-run": "start, with an evaluation flow",
  "api.decide": "approve",
  "record.attach": "attach a file",
} as const;

/** Files of the rooms behind the doors that open a transaction of their own. */
const BEHIND = {
  "lib/approvals/decide-again.ts": "approve",
  "lib/approvals/take-reply.ts": "reply by mail",
  "lib/notify/claim-mails.ts": "mails are sent",
  "lib/notify/record-outcome.ts": "mails are sent",
  "lib/notify/reply-token.ts": "reply by mail",
  "lib/people/commands/change-password.ts": "account.change-password",
  "lib/records/take-upload.ts": "attach a file",
  "lib/runs/debug-run.ts": "run.debug",
  "lib/runs/start.ts": "start, with an evaluation flow",
  "lib/runs/take-event.ts": "an event starts a run that nobody can be given",
  "lib/work/reassign-items.ts": "reassign many",
  "lib/work/send-screen.ts": "submit a screen",
  "lib/worker/call-operation.ts": "another system is called",
  "lib/worker/claim-jobs.ts": "a background flow finishes",
  "lib/worker/end-job.ts": "a background flow finishes",
  "lib/worker/give-up.ts": "a flow's tries are used up",
  "lib/worker/note-undelivered.ts": "no mail could be delivered",
  "lib/worker/run-flow.ts": "steps of asynchronous flows",
  "lib/worker/wake.ts": "wake by a job",
} as const;

const NOT_SWEPT = {
  "connection.rotate-credentials": "seals anew what an older key sealed; done again it finds nothing to do",
  "definition.check": "changes nothing",
  "definition.export": "reads, and notes that it was read",
  "operation.try": "calls each time that it is asked, with one Idempotency-Key",
  "mailbox.mark-read": "demo mode alone",
  "mailbox.reply": "demo mode alone; what it sends is swept as a reply by mail",
  "people.ask-for-link": "has no key: asked again, a link more is mailed and the one before is worth nothing",
  "lib/people/commands/ask-for-link.ts":
    "has no key: asked again, a link more is mailed and the one before is worth nothing",
  "lib/people/sign-in/begin-session.ts":
    "has no key: whoever signs in again has another session, by a link that is spent with it",
  "lib/people/sign-in/configure.ts": "ends a session, which ended once more is as it was",
  "lib/people/sign-in/check-password.ts": "seals the same password better, once more where it was lost",
  "lib/people/sign-in/throttle.ts": "counts tries, each of which is one",
  "lib/people/keep-to-limits.ts": "counts tries, each of which is one",
  "lib/people/sign-in/read-session.ts": "notes when it was last seen",
  "lib/people/sign-in/read-token.ts": "notes when it was last used",
  "lib/audit/commands.ts": "notes of what was refused, for which no command is",
  "lib/audit/seal.ts": "seals what is there; what a seal missed is in the next one",
  "lib/runs/seal-heads.ts": "seals what is there; what a seal missed is in the next one",
  "lib/runs/ask-now.ts": "is always undone",
  "lib/runs/try-out.ts": "is always undone",
  "lib/worker/ask-again.ts": "leaves jobs under their keys, which once more are the same",
  "lib/worker/beat.ts": "says that a worker lives",
  "lib/worker/holder.ts": "makes leases longer",
  "lib/worker/sweep.ts": "throws away what is too old",
} as const;

const missing = (wanted: Iterable<string>, named: object): string[] =>
  [...wanted].filter((name) => !swept.has(name) && !(name in named)).sort();

test("every command of the engine is swept", () => {
  expect(Object.values(ENGINE).filter((name) => !scenarios.has(name))).toEqual([]);
});

/** Of routes whose method changes something. */
const doors = sources
  .filter(({ path }) => path.startsWith("app/api/"))
  .flatMap(({ text }) =>
    [.../name: "([^"]+)",\s+method: "(?!GET)/g[Symbol.matchAll](text)].map(([, name = ""]) => name),
  );

test("every action and every door that changes something is swept, or is said why not", () => {
  expect(Object.keys(actions).length).toBeGreaterThan(5);
  expect(doors.length).toBeGreaterThan(2);
  expect(missing([...inventory.keys(), ...doors], { ...ELSEWHERE, ...NOT_SWEPT })).toEqual([]);
});

const OPENS = /\b(runCommand|runTogether|transaction)(?: <.*?>)? \(/;
const ITSELF = ["db/transaction.ts", "lib/command.ts", "lib/together.ts"];
const opening = sources
  .filter(({ path }) => !/^lib\/launch\/|^db\/seed\/|\/actions(\.ts|\/)/.test(path) && !ITSELF.includes(path))
  .filter((source) => OPENS.test(codeOf(source)))
  .map(({ path }) => path);

test("whatever else opens a transaction is swept, or is said why not", () => {
  expect(opening.length).toBeGreaterThan(20);
  expect(missing(opening, { ...BEHIND, ...NOT_SWEPT })).toEqual([]);
});

test("the lists name scenarios that there are, and nothing that is gone or swept by itself", () => {
  const named = { ...ELSEWHERE, ...BEHIND };
  expect(Object.values(named).filter((name) => !scenarios.has(name))).toEqual([]);
  const known = new Set([...inventory.keys(), ...doors, ...opening]);
  expect(Object.keys({ ...named, ...NOT_SWEPT }).filter((name) => !known.has(name) || swept.has(name))).toEqual([]);
});

test("no two scenarios have one name", () => {
  expect(scenarios.size).toBe(SCENARIOS.length);
});

import { db } from "../../db/client";
import { apiToken } from "../../db/schema";
import { askQuestion } from "../../lib/approvals/steer";
import { createCalendar } from "../../lib/definitions/commands/create-calendar";
import { newId } from "../../lib/ids";
import { openInterview } from "../../lib/interviews/commands/open-interview";
import { controlRun } from "../../lib/runs/commands";
import { aConnection, aCredential, allowed, anOperation, aSource } from "../builders/connections";
import { activated, aDraft, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { inDays, asked as placeAsked } from "../builders/delegations";
import { attached } from "../builders/files";
import { aScreenFlow } from "../builders/flows";
import { aGroup, aPerson, aSession, asOpened, wasOf } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { commanded, finished, stateNow } from "../builders/runs";
import { cast, key, ROLES, type Role, work } from "./cast";

/**
 * The table of roles × operations, as data. `input` makes what the operation is about anew. `may`: who gets it done. `told`: who knows of it
 * and is told why not; everybody else is answered as if it were not there. `nowhere`: the same input about what does not exist.
 */
export type Operation = {
  readonly action: string;
  /** In which state the subject is. */
  readonly when?: string;
  readonly input: () => Promise<object>;
  readonly nowhere?: object;
  readonly may: readonly Role[];
  readonly told?: readonly Role[];
  /** The code for those who may, where the state of things allows it to nobody just now. */
  readonly answer?: string;
  /** Nobody need be signed in. */
  readonly isOpen?: boolean;
};

const SIGNED_IN = ROLES.filter((role) => role !== "anonymous" && role !== "deactivated");
const TEAM: readonly Role[] = ["member", "claimer"];
const SEE_ALL: readonly Role[] = ["manager", "admin"];
const KNOW_PERSONS: readonly Role[] = ["assignee", "starter", ...SEE_ALL];
const KNOW_TEAMS: readonly Role[] = [...TEAM, "starter", ...SEE_ALL];
const AUTHORS: readonly Role[] = ["author", "admin"];
const except = (roles: readonly Role[], ...but: Role[]) => roles.filter((role) => !but.includes(role));

let made = 0;
const name = (word: string) => `${word}_${++made}`;
const who = () => ({
  name: "Somebody New",
  username: `new.${++made}`,
  email: `new.${made}@example.org`,
  role: "member",
  managerId: null,
});
const target = async () => (await aPerson()).userId;
const draft = async () => aDraft(aScreenFlow(name("Flow")));
const opened = async () => {
  const { workItemId } = await work("person");
  const { assignee } = cast();
  const shown = must(await commanded(assignee, (tx) => openInterview(tx, assignee, { workItemId })));
  if (shown.type !== "screen") throw new Error("no screen was shown");
  return shown.view.interviewId;
};
const token = async () => {
  const tokenId = newId("token");
  const expiresAt = new Date(Date.now() + 3_600_000);
  await db()
    .insert(apiToken)
    .values({
      tokenId,
      userId: cast().starter.userId,
      name: "x",
      hint: "x",
      secretHash: tokenId,
      scopes: ["runs:start"],
      expiresAt,
    });
  return tokenId;
};
const done = async () => {
  const item = await work("person");
  must(await finished(cast().assignee, item.workItemId));
  return item;
};

const PEOPLE: readonly Operation[] = [
  { action: "people.create", input: async () => who(), may: ["admin"] },
  {
    action: "people.change",
    input: async () => {
      const person = await aPerson();
      return { ...who(), userId: person.userId, was: asOpened(person) };
    },
    nowhere: { userId: "usr_none" },
    may: ["admin"],
  },
  {
    action: "people.deactivate",
    input: async () => ({ userId: await target() }),
    nowhere: { userId: "usr_none" },
    may: ["admin"],
  },
  {
    action: "people.activate",
    input: async () => ({ userId: await target() }),
    nowhere: { userId: "usr_none" },
    may: ["admin"],
  },
  {
    action: "people.reset-password",
    input: async () => ({ userId: await target() }),
    nowhere: { userId: "usr_none" },
    may: ["admin"],
  },
  {
    action: "people.create-place",
    input: async () => ({ type: "group", name: name("Place"), label: "x", members: [] }),
    may: ["admin"],
  },
  {
    action: "people.change-place",
    input: async () => {
      const { groupId: id } = await aGroup(name("Place"));
      return { type: "group", id, label: "y", members: [], was: await wasOf("group", id) };
    },
    nowhere: { id: "grp_none" },
    may: ["admin"],
  },
  { action: "people.ask-for-link", input: async () => ({ name: name("nobody"), next: "/" }), may: ROLES, isOpen: true },
  {
    action: "people.set-up",
    input: async () => ({
      token: "x".repeat(43),
      name: "A",
      username: "aa.bb",
      email: "a@example.org",
      password: "a long and quiet river",
    }),
    may: ROLES,
    answer: "setup-link-used",
    isOpen: true,
  },
  {
    action: "account.change-profile",
    input: async () => ({ name: "Renamed", timeZone: "Europe/Berlin" }),
    may: SIGNED_IN,
  },
  {
    action: "account.change-password",
    input: async () => ({ present: "", password: "a long and quiet river" }),
    may: SIGNED_IN,
  },
  {
    action: "account.end-session",
    when: "of the starter",
    input: async () => ({ sessionId: await aSession(cast().starter) }),
    nowhere: { sessionId: "ses_none" },
    may: ["starter"],
  },
  { action: "account.end-other-sessions", input: async () => ({}), may: SIGNED_IN },
  {
    action: "tokens.create",
    input: async () => ({ name: "Import", scopes: ["runs:start"], days: 30 }),
    may: SIGNED_IN,
  },
  {
    action: "tokens.revoke",
    when: "of the starter",
    input: async () => ({ tokenId: await token() }),
    nowhere: { tokenId: "tok_none" },
    may: ["starter"],
  },
];

const place = async () => ({
  ...{ delegateId: await target(), from: inDays(-1), to: inDays(2) },
  ...{ processes: null, maxAmount: null, mayPassOn: false, reason: "" },
});
const delegated = async () => must(await placeAsked(cast().starter, cast().assignee, { to: inDays(1) })).delegationId;
const DELEGATIONS: readonly Operation[] = [
  {
    action: "delegation.create",
    when: "one's own place",
    input: async () => ({ delegatorId: null, ...(await place()) }),
    may: SIGNED_IN,
  },
  {
    action: "delegation.create",
    when: "somebody's place",
    input: async () => ({ delegatorId: await target(), ...(await place()) }),
    may: ["admin"],
  },
  {
    action: "delegation.answer",
    when: "asked by the starter",
    input: async () => ({ delegationId: await delegated(), accept: true }),
    nowhere: { delegationId: "dlg_none" },
    may: ["assignee"],
  },
  {
    action: "delegation.end",
    when: "of starter and assignee",
    input: async () => ({ delegationId: await delegated() }),
    nowhere: { delegationId: "dlg_none" },
    may: ["starter", "assignee", "admin"],
  },
];

const object = (objectName: string) => ({
  name: objectName,
  label: "Label",
  pluralLabel: "Labels",
  nameLabel: "Name",
  icon: "file",
  othersMay: "read",
});
const anotherObject = async () => (await anObject(name("Object"), { Note: { type: "text" } })).name;
const RECORDS: readonly Operation[] = [
  { action: "record.create", input: async () => ({ object: "Secret", values: { Name: "New" } }), may: SIGNED_IN },
  {
    action: "record.update",
    when: "somebody's own",
    input: async () => ({
      object: "Secret",
      id: await aRecord("Secret", {}, cast().starter),
      values: { Note: "changed" },
      expectedVersion: 1,
    }),
    nowhere: { id: "rec_none" },
    may: ["starter", "admin"],
  },
  {
    action: "record.remove-attachment",
    when: "of somebody's own record",
    input: async () => {
      const { starter } = cast();
      const recordId = await aRecord("Secret", {}, starter);
      return { attachmentId: must(await attached(starter, recordId, { name: "a.pdf" })).id };
    },
    nowhere: { attachmentId: "att_none" },
    may: ["starter", "admin"],
  },
  { action: "object.create", input: async () => object(name("Object")), may: ["admin"] },
  {
    action: "object.change",
    input: async () => {
      const objectName = await anotherObject();
      const was = {
        label: objectName,
        pluralLabel: `${objectName}s`,
        nameLabel: "Name",
        icon: "file",
        othersMay: "none",
      };
      return { ...object(objectName), was };
    },
    nowhere: { name: "None" },
    may: ["admin"],
  },
  {
    action: "object.add-field",
    input: async () => ({ object: await anotherObject(), name: "More", type: "text", label: "More" }),
    nowhere: { object: "None" },
    may: ["admin"],
  },
  {
    action: "object.change-field",
    input: async () => ({
      ...{ object: await anotherObject(), name: "Note", label: "Other" },
      was: { label: "Note", required: false, defaultValue: null, help: "", options: {} },
    }),
    nowhere: { object: "None" },
    may: ["admin"],
  },
  {
    action: "object.order-fields",
    input: async () => ({ object: await anotherObject(), names: ["Note"] }),
    nowhere: { object: "None" },
    may: ["admin"],
  },
  {
    action: "object.delete",
    input: async () => ({ name: await anotherObject() }),
    nowhere: { name: "None" },
    may: ["admin"],
  },
  {
    action: "object.delete-field",
    input: async () => ({ object: await anotherObject(), name: "Note" }),
    nowhere: { object: "None" },
    may: ["admin"],
  },
  {
    action: "mailbox.mark-read",
    when: "outside demo mode",
    input: async () => ({ messageId: `mbx_${"0".repeat(26)}` }),
    may: [],
  },
  { action: "mail.prefer", input: async () => ({ mode: "daily", hour: 8 }), may: SIGNED_IN },
  {
    action: "mailbox.reply",
    when: "outside demo mode",
    input: async () => ({ messageId: `mbx_${"0".repeat(26)}`, text: "approve" }),
    may: [],
  },
];

const DEFINITIONS: readonly Operation[] = [
  {
    action: "definition.create",
    input: async () => ({ type: "screen", name: name("Made"), label: "Made" }),
    may: AUTHORS,
  },
  {
    action: "definition.save",
    input: async () => ({ text: JSON.stringify(aScreenFlow(name("Saved"))), base: null }),
    may: AUTHORS,
  },
  {
    action: "definition.check",
    input: async () => ({ text: JSON.stringify(aScreenFlow(name("Checked"))) }),
    may: AUTHORS,
  },
  {
    action: "definition.activate",
    input: async () => {
      const { name, version } = await draft();
      return { name, version };
    },
    nowhere: { name: "None" },
    may: AUTHORS,
  },
  {
    action: "definition.deactivate",
    input: async () => ({ name: (await activated(aScreenFlow(name("Active")))).definitionId }),
    nowhere: { name: "None" },
    may: AUTHORS,
  },
  {
    action: "definition.import",
    input: async () => ({ text: JSON.stringify([aScreenFlow(name("Imported"))]) }),
    may: AUTHORS,
  },
  {
    action: "definition.export",
    input: async () => ({ name: "Ask", version: 1 }),
    nowhere: { name: "None" },
    may: AUTHORS,
  },
];

/** Admins control runs; whoever knows of one is told that it is not theirs to do. */
const ofRun = { nowhere: { runId: "run_none" }, may: ["admin"], told: except(KNOW_PERSONS, "admin") } as const;
const suspended = async () => {
  const { runId } = await work("person");
  const { admin } = cast();
  const command = { type: "suspend", reason: "x" } as const;
  must(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command })));
  return runId;
};
const workedStep = async () => {
  const { runId } = await work("person");
  const [step] = (await stateNow(runId)).steps;
  return { runId, stepRunId: step?.id, reason: "x" };
};
/** A draft about a record that any author may read. */
const played = async () => {
  const process = anOrchestration([aStage("First", [anInteractiveStep()])], { name: name("Played") });
  const { name: definitionId, version } = await aDraft(process);
  const recordId = await aRecord("Thing", {}, cast().starter);
  return { definitionId, version, recordId, inputs: {}, startStage: null, mocks: {} };
};
const RUNS: readonly Operation[] = [
  {
    action: "run.start",
    input: async () => ({ definitionId: "Work_person", recordId: await aRecord("Secret", {}, cast().starter) }),
    nowhere: { recordId: "rec_none" },
    may: ["starter", ...SEE_ALL],
  },
  {
    action: "run.cancel",
    input: async () => ({ runId: (await work("person")).runId, reason: "x" }),
    nowhere: { runId: "run_none" },
    may: ["admin"],
    told: except(KNOW_PERSONS, "admin"),
  },
  {
    action: "run.retry",
    when: "nothing failed",
    input: async () => ({ runId: (await work("person")).runId, reason: "x" }),
    nowhere: { runId: "run_none" },
    may: ["admin"],
    told: except(KNOW_PERSONS, "admin"),
    answer: "nothing-to-retry",
  },
  {
    action: "run.suspend",
    input: async () => ({ runId: (await work("person")).runId, reason: "x" }),
    ...ofRun,
  },
  {
    action: "run.resume",
    when: "not suspended",
    input: async () => ({ runId: (await work("person")).runId, reason: "x" }),
    ...ofRun,
    answer: "not-suspended",
  },
  {
    action: "run.resume",
    when: "suspended",
    input: async () => ({ runId: await suspended(), reason: "x" }),
    ...ofRun,
  },
  {
    action: "run.skip-step",
    input: async () => ({ ...(await workedStep()), outputs: { comment: "skipped" } }),
    ...ofRun,
  },
  { action: "run.fail-step", input: workedStep, ...ofRun },
  {
    action: "run.go-to-stage",
    input: async () => ({ runId: (await work("person")).runId, stage: "First", reason: "x" }),
    ...ofRun,
  },
  ...[true, false].map((keep) => ({
    action: "run.debug",
    when: keep ? "kept" : "rolled back",
    input: async () => ({ ...(await played()), keep }),
    nowhere: { definitionId: "None" },
    may: AUTHORS,
  })),
  {
    action: "approval.request",
    input: async () => ({
      definitionId: "Approve_person",
      recordId: await aRecord("Secret", {}, cast().starter),
      comments: "",
    }),
    nowhere: { recordId: "rec_none" },
    may: ["starter", ...SEE_ALL],
  },
];

const decision = { decision: "approve", comments: "" };
const reassigned = async (kind: "person" | "group", claimed = false) => ({
  workItemIds: [(await work(kind, { claimed })).workItemId],
  to: { type: "user", id: cast().outsider.userId },
  reason: "x",
});
const none = { workItemId: "wi_none" };
const WORK: readonly Operation[] = [
  {
    action: "work.openInterview",
    when: "a person's",
    input: async () => ({ workItemId: (await work("person")).workItemId }),
    nowhere: none,
    may: ["assignee"],
  },
  {
    action: "work.openInterview",
    when: "a group's",
    input: async () => ({ workItemId: (await work("group")).workItemId }),
    nowhere: none,
    may: TEAM,
  },
  {
    action: "work.openInterview",
    when: "claimed by another",
    input: async () => ({ workItemId: (await work("group", { claimed: true })).workItemId }),
    nowhere: none,
    may: ["claimer"],
    told: ["member"],
  },
  {
    action: "work.openInterview",
    when: "a queue's",
    input: async () => ({ workItemId: (await work("queue")).workItemId }),
    nowhere: none,
    may: TEAM,
  },
  {
    action: "work.openInterview",
    when: "done",
    input: async () => ({ workItemId: (await done()).workItemId }),
    nowhere: none,
    may: [],
    told: KNOW_PERSONS,
  },
  {
    action: "work.submitScreen",
    when: "a person's",
    input: async () => ({
      interviewId: await opened(),
      screen: "Screen",
      values: { comment: "done" },
      direction: "next",
    }),
    nowhere: { interviewId: "int_none" },
    may: ["assignee"],
  },
  {
    action: "work.saveDraft",
    when: "a person's",
    input: async () => ({
      interviewId: await opened(),
      screen: "Screen",
      values: { comment: "typed" },
      draftVersion: 0,
    }),
    nowhere: { interviewId: "int_none" },
    may: ["assignee"],
  },
  {
    action: "item.claim",
    when: "a group's",
    input: async () => ({ workItemId: (await work("group")).workItemId }),
    nowhere: none,
    may: TEAM,
    told: except(KNOW_TEAMS, ...TEAM),
  },
  {
    action: "item.claim",
    when: "a person's",
    input: async () => ({ workItemId: (await work("person")).workItemId }),
    nowhere: none,
    may: [],
    told: KNOW_PERSONS,
  },
  {
    action: "item.claim",
    when: "claimed by another",
    input: async () => ({ workItemId: (await work("queue", { claimed: true })).workItemId, takeOver: true }),
    nowhere: none,
    may: TEAM,
    told: except(KNOW_TEAMS, ...TEAM),
  },
  {
    action: "item.release",
    when: "claimed",
    input: async () => ({ workItemId: (await work("queue", { claimed: true })).workItemId }),
    nowhere: none,
    may: ["claimer", ...SEE_ALL],
    told: ["member", "starter"],
  },
  {
    action: "item.reassign",
    when: "a person's",
    input: () => reassigned("person"),
    nowhere: { workItemIds: ["wi_none"] },
    may: SEE_ALL,
  },
  {
    action: "item.reassign",
    when: "claimed",
    input: () => reassigned("group", true),
    nowhere: { workItemIds: ["wi_none"] },
    may: SEE_ALL,
  },
  {
    action: "approval.decide",
    when: "a person's",
    input: async () => ({ workItemId: (await work("approval")).workItemId, ...decision }),
    nowhere: none,
    may: ["assignee"],
    told: except(KNOW_PERSONS, "assignee"),
  },
];

const approvalItem = async (more: object) => ({ workItemId: (await work("approval")).workItemId, ...more });
const asked = async () => {
  const { workItemId, runId } = await work("approval");
  const { assignee, member } = cast();
  const ask = { workItemId, userId: member.userId, text: "How much?" };
  must(await commanded(assignee, (tx) => askQuestion(tx, assignee, ask)));
  const question = (await stateNow(runId)).items.find(({ kind }) => kind === "question");
  return question?.id ?? "";
};
const APPROVALS: readonly Operation[] = [
  {
    action: "approval.override",
    input: () => approvalItem({ outcome: "Approve", comments: "by phone" }),
    nowhere: none,
    may: ["admin"],
    told: except(KNOW_PERSONS, "admin"),
  },
  {
    action: "approval.add-approver",
    input: () => approvalItem({ userId: cast().outsider.userId, reason: "x" }),
    nowhere: none,
    may: SEE_ALL,
    told: except(KNOW_PERSONS, ...SEE_ALL),
  },
  {
    action: "approval.ask",
    input: () => approvalItem({ userId: cast().outsider.userId, text: "x" }),
    nowhere: none,
    may: ["assignee"],
    told: except(KNOW_PERSONS, "assignee"),
  },
  {
    action: "approval.answer",
    input: async () => ({ workItemId: await asked(), text: "12" }),
    nowhere: none,
    may: ["member"],
    told: KNOW_PERSONS,
  },
  {
    action: "approval.recall",
    input: async () => ({ runId: (await work("approval")).runId, reason: "x" }),
    nowhere: { runId: "run_none" },
    may: ["starter", "admin"],
    told: ["assignee", "manager"],
  },
];

const hours = (label: string) => ({
  label,
  timeZone: "Europe/Berlin",
  hours: Array.from({ length: 7 }, () => [{ from: "09:00", to: "17:00" }]),
  holidays: [],
});
const aCalendar = async () => {
  const given = { name: name("Hours"), ...hours("Hours") };
  const { admin } = cast();
  return must(await commanded(admin, (tx) => createCalendar(tx, admin, given))).name;
};
const CALENDARS: readonly Operation[] = [
  { action: "calendar.create", input: async () => ({ name: name("Hours"), ...hours("Hours") }), may: ["admin"] },
  {
    action: "calendar.change",
    input: async () => ({ name: await aCalendar(), ...hours("Other hours") }),
    nowhere: { name: "None" },
    may: ["admin"],
  },
  {
    action: "calendar.delete",
    input: async () => ({ name: await aCalendar() }),
    nowhere: { name: "None" },
    may: ["admin"],
  },
];

const API = "https://api.example.com";
const described = async (word: string) => ({
  name: name(word),
  label: "Call",
  connectionId: await aConnection(API),
  method: "GET",
  path: "/",
  input: { type: "object" },
  output: null,
});
const CONNECTIONS: readonly Operation[] = [
  {
    action: "connection.allow-host",
    input: async () => ({ origin: `https://${name("host")}.example`.toLowerCase().replace("_", "-") }),
    may: ["admin"],
  },
  {
    action: "connection.remove-host",
    input: async () => {
      const origin = `https://gone-${++made}.example`;
      await allowed(origin);
      return { origin };
    },
    nowhere: { origin: "https://never.example" },
    may: ["admin"],
  },
  {
    action: "connection.create-credential",
    input: async () => ({ label: name("Credential"), kind: "bearer", origin: API, secret: "a-secret-of-theirs" }),
    may: ["admin"],
  },
  {
    action: "connection.replace-secret",
    input: async () => ({
      credentialId: await aCredential({ origin: API, secret: "the first one" }),
      secret: "the second one",
    }),
    nowhere: { credentialId: "crd_none" },
    may: ["admin"],
  },
  {
    action: "connection.delete-credential",
    input: async () => ({ credentialId: await aCredential({ origin: API, secret: "the first one" }) }),
    nowhere: { credentialId: "crd_none" },
    may: ["admin"],
  },
  {
    action: "event-source.create",
    input: async () => ({ name: `source-${++made}`, label: "Source", definitionId: "Work_person" }),
    may: ["admin"],
  },
  {
    action: "event-source.replace-secret",
    input: async () => ({ name: (await aSource("Work_person")).name }),
    nowhere: { name: "none" },
    may: ["admin"],
  },
  {
    action: "event-source.delete",
    input: async () => ({ name: (await aSource("Work_person")).name }),
    nowhere: { name: "none" },
    may: ["admin"],
  },
  { action: "connection.rotate-credentials", input: async () => ({}), may: ["admin"] },
  {
    action: "connection.create",
    input: async () => ({ label: name("Connection"), baseUrl: API, credentialId: null }),
    may: ["admin"],
  },
  {
    action: "connection.change",
    input: async () => ({
      connectionId: await aConnection(API),
      label: name("Connection"),
      baseUrl: API,
      credentialId: null,
    }),
    nowhere: { connectionId: "con_none" },
    may: ["admin"],
  },
  {
    action: "connection.delete",
    input: async () => ({ connectionId: await aConnection(API) }),
    nowhere: { connectionId: "con_none" },
    may: ["admin"],
  },
  { action: "operation.create", input: () => described("Call"), may: ["admin"] },
  {
    action: "operation.change",
    input: async () => ({ ...(await described("Call")), name: await anOperation(API), version: 1 }),
    nowhere: { name: "None" },
    may: ["admin"],
  },
  {
    action: "operation.delete",
    input: async () => ({ name: await anOperation(API) }),
    nowhere: { name: "None" },
    may: ["admin"],
  },
  {
    action: "operation.try",
    when: "whose host is not allowed",
    input: async () => ({ name: await anOperation(API), inputs: {} }),
    nowhere: { name: "None" },
    may: ["admin"],
  },
];

const MANY: readonly Operation[] = [
  {
    action: "approval.decide-many",
    when: "a person's",
    input: async () => ({
      items: [{ workItemId: (await work("approval")).workItemId, comments: "" }],
      decision: "approve",
    }),
    nowhere: { items: [{ workItemId: "wi_none", comments: "" }] },
    may: ["assignee"],
    told: except(KNOW_PERSONS, "assignee"),
  },
];

export const OPERATIONS: readonly Operation[] = [
  ...PEOPLE,
  ...DELEGATIONS,
  ...RECORDS,
  ...DEFINITIONS,
  ...CALENDARS,
  ...CONNECTIONS,
  ...RUNS,
  ...WORK,
  ...MANY,
  ...APPROVALS,
].map((operation) => ({
  ...operation,
  input: async () => ({
    ...(await operation.input()),
    ...(operation.action === "work.saveDraft" ? {} : { key: key() }),
  }),
}));

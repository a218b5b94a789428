import { and, eq } from "drizzle-orm";
import { db } from "../../db/client";
import { record } from "../../db/schema";
import { saveDraft } from "../../lib/interviews/commands/save-draft";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "./definitions";
import { aScreenFlow } from "./flows";
import { aGroup, again, aPerson } from "./people";
import { anObject, aRecord, commanded } from "./records";

const recordId = { name: "recordId", type: "text", isInput: true };
const is = (left: string, literal: unknown) => ({ requirements: [{ left, operator: "equals", right: { literal } }] });

/** Two screens with a note between them; at the end a new record, and a change of the run's own. */
const equip = aScreenFlow("Equip", {
  variables: [
    recordId,
    { name: "theThing", type: "record", object: "Thing" },
    { name: "summary", type: "text", isOutput: true },
  ],
  start: "One",
  elements: [
    {
      type: "screen",
      name: "One",
      label: "What is needed",
      next: "Note",
      fields: [
        { name: "Model", type: "text", label: "Model", required: true },
        { name: "Buddy", type: "lookup", lookup: "user", label: "Buddy" },
        { name: "Parent", type: "lookup", lookup: "Secret", label: "Parent" },
      ],
    },
    {
      type: "assignment",
      name: "Note",
      label: "Note",
      assignments: [{ variable: "summary", value: { template: "{!Model} from {!Buddy.Name}" } }],
      next: "Two",
    },
    {
      type: "screen",
      name: "Two",
      label: "Check",
      next: "Make",
      fields: [
        { name: "Shown", type: "display_text", label: "You chose {!Model}" },
        { name: "Cost", type: "currency", label: "Cost" },
      ],
    },
    {
      type: "create_records",
      name: "Make",
      label: "Note the device",
      object: "Thing",
      values: { Name: { ref: "Model" }, Amount: { ref: "Cost" } },
      next: "Find",
    },
    {
      type: "get_records",
      name: "Find",
      label: "Find",
      object: "Thing",
      where: [{ field: "Id", operator: "equals", value: { ref: "recordId" } }],
      into: "theThing",
      next: "Change",
    },
    {
      type: "update_records",
      name: "Change",
      label: "Note the model",
      object: "Thing",
      record: "theThing",
      values: { Code: { ref: "Model" } },
      next: null,
    },
  ],
});

const decide = aScreenFlow("Decide", {
  variables: [
    recordId,
    { name: "nothing", type: "record", object: "Thing" },
    { name: "approvalDecision", type: "text", isOutput: true },
    { name: "approvalComments", type: "text", isOutput: true },
  ],
  start: "Ask",
  elements: [
    {
      type: "screen",
      name: "Ask",
      label: "Decide",
      fields: [
        { name: "Choice", type: "text", label: "Choice" },
        { name: "Why", type: "long_text", label: "Why" },
      ],
      next: "Take",
    },
    {
      type: "assignment",
      name: "Take",
      label: "Take",
      next: "Which",
      assignments: [
        { variable: "approvalDecision", value: { ref: "Choice" } },
        { variable: "approvalComments", value: { ref: "Why" } },
      ],
    },
    {
      type: "decision",
      name: "Which",
      label: "Which",
      outcomes: [{ name: "Broken", label: "Broken", when: is("Choice", "Break"), next: "Change" }],
      defaultNext: null,
    },
    {
      type: "update_records",
      name: "Change",
      label: "Change nothing",
      object: "Thing",
      record: "nothing",
      values: {},
      next: null,
    },
  ],
});

const toTeam = { assignee: { type: "group", value: { literal: "Team" } }, inputs: { recordId: { ref: "$Record.Id" } } };
const equipping = (name: string, more: object = {}) =>
  anOrchestration(
    [
      aStage("First", [
        anInteractiveStep("Equip", { flow: "Equip", ...toTeam, ...more }),
        anInteractiveStep("Greet", toTeam),
      ]),
    ],
    { name, label: name },
  );

/** Who works with these flows: Ada and Ben are the team, Cara owns what is worked on, Bo is her manager. */
export type Team = {
  readonly ada: Person;
  readonly ben: Person;
  readonly cara: Person;
  readonly admin: Person;
  readonly boss: Person;
};

/** Objects, people, flows and processes with screens of every sort. */
export async function aPortalWithScreens(): Promise<Team> {
  const boss = await aPerson({ name: "Bo Boss" });
  const admin = await aPerson({ name: "Adam Admin", role: "admin" });
  const [first, second, cara] = [
    await aPerson({ name: "Ada" }),
    await aPerson({ name: "Ben" }),
    await aPerson({ name: "Cara", managerId: boss.userId }),
  ];
  await aGroup("Team", [first, second]);
  const [ada, ben] = [await again(first), await again(second)];
  await anObject("Thing", { Amount: { type: "currency" }, Code: { type: "text" } }, "read");
  await anObject("Secret", {});
  await activated(
    equip,
    aScreenFlow(),
    decide,
    equipping("Equipping", { mayEditRecord: true }),
    equipping("Forbidden"),
    equipping("Strict", { onScreenFault: "fail" }),
    anApprovalProcess(
      [aStage("First", [anApprovalStep("Approve", { flow: "Decide", inputs: { recordId: { ref: "$Record.Id" } } })])],
      { name: "Deciding" },
    ),
  );
  return { ada, ben, cara, admin, boss };
}

/** A new record for one test, which the owner's runs are about. */
export const aLaptop = (owner: Person) => aRecord("Thing", { Name: "Laptop", Owner: owner.userId });

export const draftOf = (person: Person, view: ScreenView, values: { [field: string]: Value }) =>
  commanded((tx) =>
    saveDraft(tx, person, {
      interviewId: view.interviewId,
      screen: view.screen.name,
      values,
      draftVersion: view.draftVersion,
    }),
  );

export const thingsNamed = (name: string) =>
  db()
    .select()
    .from(record)
    .where(and(eq(record.objectName, "Thing"), eq(record.name, name)));

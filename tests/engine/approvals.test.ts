import { describe, expect, test } from "vitest";
import type { Command } from "../../lib/engine/command";
import type { WorkItem } from "../../lib/engine/state";
import { decidedBy } from "../../lib/engine/tally";
import { sentenceOf } from "../../lib/refusals";
import {
  approval,
  approve,
  MEMBERS,
  orchestration,
  type Play,
  reject,
  requires,
  runOf,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

const person = (id: string) => ({ type: "user", id }) as const;
const group = (value: string) => ({ assignee: { type: "group", value: { literal: value } } });
const background = (name: string) => ({ kind: "background", name, label: name, flow: "Work" });
const process = (steps: unknown[], more: { approval?: object; elements?: unknown[] } = {}) =>
  orchestration({
    processType: "approval",
    elements: more.elements ?? [stage("S", steps)],
    ...(more.approval && { approval: more.approval }),
  });
const begun = (step: object, more: object = {}) => start(process([approval("A", step)], more));
const items = (play: Play): readonly WorkItem[] => play.state?.items ?? [];
const voteOf = (play: Play, who: string) => {
  const found = items(play).findLast(({ assignee, parentId }) => assignee.id === who && parentId !== null);
  if (!found) throw new Error(`${who} has no vote`);
  return found;
};
const openOf = (play: Play, who: string) => {
  const found = items(play).findLast(({ assignee, status }) => assignee.id === who && status === "assigned");
  if (!found) throw new Error(`${who} has no open item`);
  return found;
};
const say = (play: Play, workItemId: string, decision: string, who: string) =>
  tell(
    play,
    {
      type: "complete-work-item",
      workItemId,
      outputs: { approvalDecision: decision, approvalComments: `${who} says so` },
    },
    person(who),
  );
const votes = (play: Play, who: string, decision: string) => say(play, voteOf(play, who).id, decision, who);
const asAdmin = (play: Play, command: Command) => tell(play, command, person("root"));
const decisionOf = (play: Play) => stepOf(play, "A").outputs?.approvalDecision ?? null;

const RULES = [
  { type: "first" },
  { type: "unanimous" },
  { type: "majority" },
  { type: "at_least", count: 2 },
  { type: "at_least", count: 9 },
  { type: "percent", percent: 60 },
  { type: "percent", percent: 1 },
] as const;

/** Whether these many approvals of so many members approve in the end, when everybody has voted. */
function approves(rule: (typeof RULES)[number], yes: number, members: number): boolean {
  if (rule.type === "unanimous") return yes === members;
  if (rule.type === "majority") return yes > members / 2;
  if (rule.type === "at_least") return yes >= Math.min(rule.count, members);
  return rule.type === "percent" && yes > 0 && (yes / members) * 100 >= rule.percent;
}

/** What is certain after these votes, whatever the others say: everything that may still be said is tried. */
function certain(rule: (typeof RULES)[number], said: readonly boolean[], members: number): "Approve" | "Reject" | null {
  const [first] = said;
  if (rule.type === "first") return first === undefined ? null : first ? "Approve" : "Reject";
  const yes = said.filter(Boolean).length;
  const ends = Array.from({ length: members - said.length + 1 }, (_, more) => approves(rule, yes + more, members));
  if (ends.every(Boolean)) return "Approve";
  return ends.some(Boolean) ? null : "Reject";
}

function orders<T>(things: readonly T[]): T[][] {
  if (things.length <= 1) return [[...things]];
  return things.flatMap((thing, at) =>
    orders([...things.slice(0, at), ...things.slice(at + 1)]).map((rest) => [thing, ...rest]),
  );
}

describe.each(RULES)("members who decide together, $type", (rule) => {
  test.each(["Two", "Three", "Four", "Five"])(
    "%s of them, whatever they say: the step is decided as soon as nothing can change it",
    (name) => {
      const members = MEMBERS[name] ?? [];
      for (let said = 0; said < 2 ** members.length; said++) {
        const play = begun({ ...group(name), rule });
        const given: boolean[] = [];
        for (const [at, who] of members.entries()) {
          if (rule.type === "first") break;
          const isYes = (said & (1 << at)) !== 0;
          votes(play, who, isYes ? "Approve" : "Reject");
          given.push(isYes);
          const wanted = certain(rule, given, members.length);
          expect([said, given, decisionOf(play)]).toEqual([said, given, wanted]);
          if (wanted !== null) break;
        }
      }
    },
  );

  test("in every order of four, each may be the one who decides", () => {
    if (rule.type === "first") return expect(decidedBy(rule, { approve: 1, reject: 0, open: 3 })).toBe("approve");
    for (const order of orders(MEMBERS.Four ?? [])) {
      const play = begun({ ...group("Four"), rule });
      const given: boolean[] = [];
      for (const who of order) {
        const isYes = who !== "cleo";
        votes(play, who, isYes ? "Approve" : "Reject");
        given.push(isYes);
        if (decisionOf(play) !== null) break;
      }
      expect(decisionOf(play)).toBe(certain(rule, given, 4));
      expect(items(play).every(({ status }) => status === "completed")).toBe(true);
    }
  });
});

describe("a vote", () => {
  const unanimous = { ...group("Three"), rule: { type: "unanimous" } };

  test("is each member's own: the group's item is nobody's to decide", () => {
    const play = begun(unanimous);
    const [parent] = items(play);
    expect(say(play, parent?.id ?? "", "Approve", "ada").refusal?.code).toBe("vote-on-own-item");
    expect(say(play, voteOf(play, "ada").id, "Approve", "bob").refusal?.code).toBe("not-your-work");
  });

  test("that comes late is refused with what the group decided", () => {
    const play = begun({ ...group("Three"), rule: { type: "at_least", count: 2 } });
    votes(play, "ada", "Approve");
    votes(play, "bob", "Approve");
    expect(voteOf(play, "cleo")).toMatchObject({ status: "completed", completionKind: "superseded", outcome: null });
    expect(votes(play, "cleo", "Reject").refusal).toMatchObject({
      code: "item-closed",
      details: { outcome: "approve" },
    });
    expect(play.refusal && sentenceOf(play.refusal)).toContain("bob already approved this");
    expect(stepOf(play, "A").outputs?.approvalComments).toBe("ada says so\nbob says so");
  });

  test("cannot be given to somebody else, but an approver can be added, once", () => {
    const play = begun(unanimous);
    const vote = voteOf(play, "ada");
    expect(
      asAdmin(play, { type: "reassign-work-item", workItemId: vote.id, to: person("eva"), reason: "x" }).refusal?.code,
    ).toBe("child-not-reassignable");
    asAdmin(play, { type: "add-approver", workItemId: vote.id, to: person("eva"), reason: "knows more" });
    expect(
      asAdmin(play, { type: "add-approver", workItemId: vote.id, to: person("eva"), reason: "x" }).refusal?.code,
    ).toBe("already-approver");
    for (const who of ["ada", "bob", "cleo"]) votes(play, who, "Approve");
    expect(decisionOf(play)).toBeNull();
    votes(play, "eva", "Approve");
    expect(decisionOf(play)).toBe("Approve");
  });

  test("of a member who left does not count: the others' may decide now", () => {
    const play = begun(unanimous);
    votes(play, "ada", "Approve");
    votes(play, "bob", "Approve");
    asAdmin(play, { type: "member-left", workItemId: voteOf(play, "cleo").id });
    expect(decisionOf(play)).toBe("Approve");
  });

  test("when all members left, somebody must look, and an admin can decide", () => {
    const play = begun(unanimous);
    for (const who of ["ada", "bob", "cleo"]) asAdmin(play, { type: "member-left", workItemId: voteOf(play, who).id });
    const [parent] = items(play);
    expect(parent).toMatchObject({ status: "assigned", flag: "nobody_left" });
    asAdmin(play, {
      type: "override-work-item",
      workItemId: parent?.id ?? "",
      outcome: "Reject",
      comments: "nobody is left",
    });
    expect(runOf(play).status).toBe("completed");
    expect(play.state?.submission?.status).toBe("rejected");
  });
});

describe("an admin's override", () => {
  test("decides for one approver or for a whole group, and says so", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" } });
    const [parent] = items(play);
    asAdmin(play, {
      type: "override-work-item",
      workItemId: parent?.id ?? "",
      outcome: "Approve",
      comments: "agreed by phone",
    });
    expect(items(play)[0]).toMatchObject({
      completionKind: "done",
      completedBy: "root",
      decidedAs: "admin",
      outcome: "approve",
    });
    expect(
      items(play)
        .slice(1)
        .map(({ completionKind }) => completionKind),
    ).toEqual(["superseded", "superseded", "superseded"]);
    expect(play.history.map(({ milestone }) => milestone)).toContain("admin_override");
    expect(play.state?.submission?.status).toBe("approved");
  });

  test("is no way round the rule that nobody decides what they submitted", () => {
    const play = begun({});
    const ask = {
      type: "override-work-item",
      workItemId: openOf(play, "bob").id,
      outcome: "Approve",
      comments: "x",
    } as const;
    expect(tell(play, ask, person("ann")).refusal?.code).toBe("own-submission");
    expect(asAdmin(play, { ...ask, outcome: "Perhaps" }).refusal?.code).toBe("unknown-outcome");
  });
});

test("an approver who is added beside a single one has to approve too, and either may reject", () => {
  const play = begun({});
  asAdmin(play, { type: "add-approver", workItemId: openOf(play, "bob").id, to: person("eva"), reason: "four eyes" });
  approve(play, "A");
  expect(decisionOf(play)).toBeNull();
  say(play, openOf(play, "eva").id, "Reject", "eva");
  expect(play.state?.submission?.status).toBe("rejected");
});

describe("further outcomes", () => {
  const outcomes = [
    { name: "With_Conditions", label: "Approve with conditions", does: "approve", needsReason: true },
    { name: "Back", label: "Send back", does: "send_back" },
    { name: "To_Draft", label: "Back to drafting", does: "send_back", to: "S" },
  ];

  test("one that approves lets the run go on and says its own name", () => {
    const play = begun({ outcomes });
    say(play, openOf(play, "bob").id, "With_Conditions", "bob");
    expect(decisionOf(play)).toBe("With_Conditions");
    expect(items(play)[0]?.outcome).toBe("With_Conditions");
    expect(play.state?.submission?.status).toBe("approved");
  });

  test.each([
    ["Approve", "With_Conditions"],
    ["With_Conditions", "Approve"],
    ["With_Conditions", "With_Conditions"],
  ])("one that approves stands beside one that only approves, whoever comes first (%s, %s)", (bobs, evas) => {
    const play = begun({ outcomes });
    const to = person("eva");
    asAdmin(play, { type: "add-approver", workItemId: openOf(play, "bob").id, to, reason: "four eyes" });
    say(play, openOf(play, "bob").id, bobs, "bob");
    say(play, openOf(play, "eva").id, evas, "eva");
    expect(stepOf(play, "A").outputs).toEqual({
      approvalDecision: "With_Conditions",
      approvalComments: "bob says so\neva says so",
    });
    expect(play.state?.submission?.status).toBe("approved");
  });

  const later = { name: "Not_Now", label: "Not now", does: "reject" };
  test.each([
    ["unanimous", ["With_Conditions", "With_Conditions", "With_Conditions"], "With_Conditions"],
    ["unanimous", ["With_Conditions", "Approve", "Approve"], "With_Conditions"],
    ["unanimous", ["Approve", "Approve", "Approve"], "Approve"],
    ["unanimous", ["With_Conditions", "Reject"], "Reject"],
    ["majority", ["Not_Now", "With_Conditions", "Reject"], "Not_Now"],
    ["majority", ["Reject", "Not_Now"], "Not_Now"],
    ["majority", ["Not_Now", "Approve", "Approve"], "Approve"],
  ])("a group that is %s and says %j comes to %s", (type, said, comesTo) => {
    const play = begun({ ...group("Three"), rule: { type }, outcomes: [...outcomes, later] });
    const wanted = comesTo === "Approve" || comesTo === "Reject" ? comesTo.toLowerCase() : comesTo;
    for (const [at, word] of said.entries()) votes(play, (MEMBERS.Three ?? [])[at] ?? "", word);
    expect(decisionOf(play)).toBe(comesTo);
    expect(items(play).find(({ voting }) => voting)?.outcome).toBe(wanted);
  });

  test("who comes late is told the one that was chosen, by its label", () => {
    const play = begun({ outcomes: [...outcomes, later] });
    const to = person("eva");
    asAdmin(play, { type: "add-approver", workItemId: openOf(play, "bob").id, to, reason: "four eyes" });
    const evas = openOf(play, "eva").id;
    say(play, openOf(play, "bob").id, "Not_Now", "bob");
    const { refusal } = say(play, evas, "Approve", "eva");
    expect(refusal).toMatchObject({
      code: "item-closed",
      details: { by: "bob", outcome: "Not_Now", label: "Not now" },
    });
    expect(refusal && sentenceOf(refusal)).toContain("bob already decided this as “Not now”");
  });

  test("sent back to the submitter, who sends it again: the approver has a new item of the same step", () => {
    const play = begun({ outcomes });
    say(play, openOf(play, "bob").id, "Back", "bob");
    const revision = openOf(play, "ann");
    expect(revision).toMatchObject({ kind: "revision", prompt: "bob says so" });
    expect(stepOf(play, "A").status).toBe("in_progress");
    tell(play, { type: "complete-work-item", workItemId: revision.id, outputs: { comments: "mended" } }, person("ann"));
    approve(play, "A");
    expect(items(play).map(({ kind, outcome, comments }) => [kind, outcome, comments])).toEqual([
      ["approval", "Back", "bob says so"],
      ["revision", null, "mended"],
      ["approval", "approve", null],
    ]);
    expect(play.state?.submission?.status).toBe("approved");
  });

  test("sent back to a stage, which is a new round", () => {
    const elements = [stage("S", [approval("First")], { next: "T" }), stage("T", [approval("A", { outcomes })])];
    const play = start(process([], { elements }));
    approve(play, "First");
    say(play, openOf(play, "bob").id, "To_Draft", "bob");
    expect(play.state?.stages.map(({ name, round, status }) => [name, round, status])).toEqual([
      ["S", 1, "completed"],
      ["T", 1, "completed"],
      ["S", 2, "in_progress"],
    ]);
  });

  test("one vote that sends back ends the vote", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" }, outcomes });
    votes(play, "ada", "Approve");
    votes(play, "bob", "Back");
    expect(openOf(play, "ann")).toMatchObject({ kind: "revision", prompt: "bob says so" });
    expect(voteOf(play, "cleo").completionKind).toBe("superseded");
  });

  test("a rejection leads to a stage where the step says so, and does not reject what is approved there later", () => {
    const elements = [
      stage("S", [approval("First")], { next: "T" }),
      stage("T", [approval("A", { onReject: { goTo: "S" } })]),
    ];
    const play = start(process([], { elements }));
    approve(play, "First");
    reject(play, "A");
    approve(play, "First");
    approve(play, "A");
    expect(play.state?.submission?.status).toBe("approved");
  });
});

describe("a question", () => {
  test("is answered by whom it was asked while the approver's item keeps its place", () => {
    const play = begun({});
    const mine = openOf(play, "bob");
    tell(play, { type: "ask-question", workItemId: mine.id, to: person("eva"), text: "How much?" }, person("bob"));
    expect(
      tell(play, { type: "ask-question", workItemId: mine.id, to: person("eva"), text: "?" }, person("bob")).refusal
        ?.code,
    ).toBe("already-asked");
    const question = openOf(play, "eva");
    expect(question).toMatchObject({ kind: "question", parentId: mine.id, prompt: "How much?" });
    tell(play, { type: "complete-work-item", workItemId: question.id, outputs: { answer: "12" } }, person("eva"));
    expect(items(play).find(({ id }) => id === question.id)).toMatchObject({ comments: "12", completionKind: "done" });
    expect(openOf(play, "bob").id).toBe(mine.id);
    expect(play.deferred.some(({ type }) => type === "notify-answer")).toBe(true);
  });

  test("is void when the approver decides first", () => {
    const play = begun({});
    tell(
      play,
      { type: "ask-question", workItemId: openOf(play, "bob").id, to: person("eva"), text: "?" },
      person("bob"),
    );
    say(play, items(play)[0]?.id ?? "", "Approve", "bob");
    expect(items(play).find(({ kind }) => kind === "question")).toMatchObject({ completionKind: "withdrawn" });
  });
});

describe("an approval that nobody need give", () => {
  test("its own rule holds: nobody gets an item, and the run goes on", () => {
    const autoApprove = requires("$Record.Amount", "less_than", 100).condition;
    const play = start(process([approval("A", { autoApprove })]), { record: { Amount: 5 } });
    expect(items(play)).toEqual([]);
    expect(stepOf(play, "A")).toMatchObject({ status: "completed", decidedBy: "rule" });
    expect(play.state?.submission?.status).toBe("approved");
  });

  test("its own rule does not hold: somebody decides", () => {
    const autoApprove = requires("$Record.Amount", "less_than", 100).condition;
    const play = start(process([approval("A", { autoApprove })]), { record: { Amount: 500 } });
    expect(openOf(play, "bob").kind).toBe("approval");
  });

  test.each([
    [{ "$Record.Amount": 5 }, "unchanged"],
    [{ "$Record.Amount": 6 }, null],
  ] as const)("what it rests on was %o at its last approval", (before, decided) => {
    const play = start(process([approval("A", { skipIfUnchanged: ["$Record.Amount"] })]), {
      record: { Amount: 5 },
      approvedBefore: { A: before },
    });
    expect(stepOf(play, "A").decidedBy).toBe(decided);
  });

  test("nothing changed since its last approval, but the next level sent the run back to it: it is asked for", () => {
    const a = approval("A", { skipIfUnchanged: ["$Record.Amount"] });
    const b = approval("B", { onReject: { goTo: "First" } });
    const definition = process([], { elements: [stage("First", [a], { next: "Next" }), stage("Next", [b])] });
    const play = start(definition, { record: { Amount: 5 }, approvedBefore: { A: { "$Record.Amount": 5 } } });
    expect(stepOf(play, "A").decidedBy).toBe("unchanged");
    say(play, openOf(play, "bob").id, "Reject", "bob");
    expect(stepOf(play, "A")).toMatchObject({ status: "in_progress", decidedBy: null });
    expect(openOf(play, "bob").label).toBe("A");
  });
});

describe("a process", () => {
  test("may let people decide what they submitted, and then says so", () => {
    const play = begun(
      { assignee: { type: "user", value: { literal: "ann" } } },
      { approval: { allowsSelfApproval: true } },
    );
    say(play, openOf(play, "ann").id, "Approve", "ann");
    expect(play.history.map(({ milestone }) => milestone)).toContain("self_approval_allowed");
  });

  test.each(["approved", "rejected"] as const)(
    "says how a submission ends that no approval step was reached for: %s",
    (whenNoStepRan) => {
      const definition = process([{ ...background("B") }], { approval: { whenNoStepRan } });
      expect(start(definition, { flows: { Work: {} } }).state?.submission?.status).toBe(whenNoStepRan);
    },
  );

  test("that is recalled is canceled, and its submission Recalled; a second recall is refused", () => {
    const play = begun({ ...group("Three"), rule: { type: "majority" } });
    votes(play, "ada", "Approve");
    tell(play, { type: "recall", reason: "a mistake" }, person("ann"));
    expect([runOf(play).status, play.state?.submission?.status]).toEqual(["canceled", "recalled"]);
    expect(voteOf(play, "bob").completionKind).toBe("withdrawn");
    expect(tell(play, { type: "recall", reason: "x" }, person("ann")).refusal?.code).toBe("not-recallable");
    expect(votes(play, "bob", "Approve").refusal?.code).toBe("item-closed");
  });

  test("that allows no recall refuses it", () => {
    const play = begun({}, { approval: { allowsRecall: false } });
    expect(tell(play, { type: "recall", reason: "x" }, person("ann")).refusal?.code).toBe("not-recallable");
  });

  test("has a recall path from which no stage is gone to", () => {
    const recallStage = stage("Undo", [{ ...background("Clear"), processing: "asynchronous" }]);
    const play = start(process([approval("A")], { approval: { recallStage } }), {}, { recallOf: "run_0" });
    const refused = tell(play, { type: "go-to-stage", stage: "S", reason: "x" }, person("root")).refusal;
    expect([runOf(play).status, refused?.code]).toEqual(["in_progress", "no-such-stage"]);
  });

  test("a recall path begins with what its run held, whatever a step had made of it", () => {
    const variables = [{ name: "due", type: "number", isInput: true }];
    const recallStage = stage("Undo", [background("Clear")]);
    const elements = [stage("S", [approval("A")])];
    const definition = orchestration({ processType: "approval", variables, elements, approval: { recallStage } });
    const play = start(definition, {}, { recallOf: "run_0", inputs: { due: "soon" } });
    expect(runOf(play)).toMatchObject({ kind: "recall", variables: { due: "soon" } });
  });

  test("has a recall path that is a run of its own stage", () => {
    const recallStage = stage("Undo", [background("Clear")]);
    const definition = process([approval("A")], { approval: { recallStage } });
    const play = start(definition, { flows: { Work: {} } }, { recallOf: "run_0" });
    expect(runOf(play)).toMatchObject({ kind: "recall", parentRunId: "run_0", status: "completed" });
    expect(stepOf(play, "Clear").status).toBe("completed");
    expect(play.history[0]).toMatchObject({ event: { type: "run-started" }, milestone: "run_recall_path" });
  });
});

describe("by the clock", () => {
  const due = {
    minutes: 60,
    remindAfter: [30, 45],
    escalate: { afterMinutes: 60, to: "manager" },
    timeOut: { afterMinutes: 120, outcome: "Reject" },
  };
  const at = (play: Play, minutes: number) => {
    const [first] = items(play);
    play.world.now = new Date(Date.parse(first?.createdAt ?? "") + minutes * 60_000).toISOString();
    return tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
  };
  const reminders = (play: Play) => play.deferred.filter(({ type }) => type === "notify-reminder").length;

  test("reminders, then the manager, then the time-out's outcome, each once and at its time", () => {
    const play = begun({ due });
    const [item] = items(play);
    expect(item?.dueAt).toBe(new Date(Date.parse(item?.createdAt ?? "") + 3_600_000).toISOString());
    at(play, 29);
    expect(reminders(play)).toBe(0);
    at(play, 31);
    expect(reminders(play)).toBe(1);
    at(play, 46);
    at(play, 50);
    expect(reminders(play)).toBe(2);
    at(play, 61);
    expect(openOf(play, "manager").assignmentNo).toBe(2);
    at(play, 121);
    expect(stepOf(play, "A")).toMatchObject({ status: "completed", decidedBy: "time_out" });
    expect(items(play)[0]).toMatchObject({ completionKind: "withdrawn", completedBy: null });
    expect(play.state?.submission?.status).toBe("rejected");
  });

  test("when nobody looked for long, all of it comes at once and the end counts", () => {
    const play = begun({ due });
    at(play, 500);
    expect(stepOf(play, "A").decidedBy).toBe("time_out");
  });

  test("nobody to escalate to: the item stays where it is, and is flagged", () => {
    const play = start(process([approval("A", { due })]), { missing: ["manager"] });
    at(play, 61);
    expect(openOf(play, "bob").flag).toBe("not_escalated");
  });

  test("members who vote are reminded, and the group's time runs out as a whole", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" }, due: { ...due, escalate: null } });
    votes(play, "ada", "Approve");
    at(play, 46);
    expect(reminders(play)).toBe(4);
    at(play, 121);
    expect(decisionOf(play)).toBe("Reject");
  });

  test("a decision that comes with the time-out is one or the other", () => {
    const play = begun({ due });
    play.world.now = new Date(Date.parse(items(play)[0]?.createdAt ?? "") + 121 * 60_000).toISOString();
    approve(play, "A");
    expect([stepOf(play, "A").decidedBy, decisionOf(play)]).toEqual([null, "Approve"]);
    expect(at(play, 122).refusal).toBeNull();
  });
});

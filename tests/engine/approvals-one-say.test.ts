import { describe, expect, test } from "vitest";
import type { Command } from "../../lib/engine/command";
import type { WorkItem } from "../../lib/engine/state";
import {
  approval,
  background,
  flowFails,
  orchestration,
  type Play,
  requires,
  retry,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

/** Who has a say, how often, and what becomes of it when a step is asked for once more. */
const person = (id: string) => ({ type: "user", id }) as const;
const group = (value: string) => ({ assignee: { type: "group", value: { literal: value } } });
const process = (steps: unknown[], approvalParts: object = {}) =>
  orchestration({ processType: "approval", elements: [stage("S", steps)], approval: approvalParts });
const begun = (step: object = {}, parts: object = {}) => start(process([approval("A", step)], parts));
const items = (play: Play): readonly WorkItem[] => play.state?.items ?? [];
const latestOf = (play: Play, who: string) => {
  const mine = items(play).filter(({ assignee, voting }) => assignee.id === who && !voting);
  const found = mine.findLast(({ status }) => status === "assigned") ?? mine.at(-1);
  if (!found) throw new Error(`${who} has no item`);
  return found;
};
const says = (play: Play, who: string, approvalDecision: string, of = who) =>
  tell(
    play,
    { type: "complete-work-item", workItemId: latestOf(play, of).id, outputs: { approvalDecision } },
    who === of ? person(who) : { ...person(who), ...(of !== "Three" && { onBehalfOf: of }) },
  );
const asRoot = (play: Play, command: Command) => tell(play, command, person("root"));
const add = (play: Play, who: string, beside: string) =>
  asRoot(play, { type: "add-approver", workItemId: latestOf(play, beside).id, to: person(who), reason: "four eyes" });
const refused = (play: Play) => play.refusal?.code ?? null;
const BACK = { outcomes: [{ name: "Back", label: "Send back", does: "send_back" }] };

describe("nobody decides twice", () => {
  test("a member of the group who decided as an approver beside it does not decide for the group too", () => {
    const play = begun(group("Three"));
    add(play, "ada", "Three");
    says(play, "ada", "Approve");
    expect(refused(says(play, "ada", "Approve", "Three"))).toBe("said-already");
    expect(refused(says(play, "bob", "Approve", "Three"))).toBeNull();
    expect(play.state?.submission?.status).toBe("approved");
  });

  test("nor claims the group's item; one they had claimed is the others' again", () => {
    const play = begun(group("Three"));
    const groups = latestOf(play, "Three").id;
    const claim = (who: string) =>
      tell(play, { type: "claim-work-item", workItemId: groups, takeOver: false }, person(who));
    claim("ada");
    add(play, "ada", "Three");
    expect(latestOf(play, "Three").claimedBy).toBe("ada");
    says(play, "ada", "Approve");
    expect(latestOf(play, "Three").claimedBy).toBeNull();
    expect([refused(claim("ada")), refused(claim("bob"))]).toEqual(["said-already", null]);
  });

  test("who has decided gets no further item: neither by reassignment, nor by being added, nor by escalation", () => {
    const due = { minutes: 60, escalate: { afterMinutes: 60, to: { type: "user", value: "bob" } } };
    const play = begun({ due });
    add(play, "eva", "bob");
    says(play, "bob", "Approve");
    const evas = latestOf(play, "eva").id;
    const give = { type: "reassign-work-item", workItemId: evas, to: person("bob"), reason: "busy" } as const;
    expect(refused(asRoot(play, give))).toBe("already-approver");
    expect(refused(add(play, "bob", "eva"))).toBe("already-approver");
    play.world.now = "2026-02-01T00:00:00.000Z";
    tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
    expect(latestOf(play, "eva")).toMatchObject({ status: "assigned", flag: "not_escalated" });
  });

  test("nor does one member decide for a group that votes, to which a single approver's item would be given", () => {
    const play = begun({ rule: { type: "unanimous" } });
    const give = { type: "reassign-work-item", workItemId: latestOf(play, "bob").id, reason: "busy" } as const;
    expect(refused(asRoot(play, { ...give, to: { type: "group", id: "Three" } }))).toBe("group-votes");
    expect(refused(asRoot(play, { ...give, to: person("eva") }))).toBeNull();
  });

  test("a delegate who decided in one's place is not added, and does not decide in another's place too", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" } });
    says(play, "dee", "Approve", "ada");
    expect(refused(add(play, "dee", "bob"))).toBe("already-approver");
    expect(refused(says(play, "dee", "Approve", "bob"))).toBe("said-already");
  });

  test("but sent back and sent again, the same people are asked anew", () => {
    const play = begun(BACK);
    says(play, "bob", "Back");
    tell(play, { type: "complete-work-item", workItemId: latestOf(play, "ann").id, outputs: { comments: "mended" } });
    says(play, "bob", "Approve");
    expect(play.state?.submission?.status).toBe("approved");
  });
});

describe("nobody has two open items of one step (I18)", () => {
  const ask = (play: Play, who: string, to: string) =>
    tell(play, { type: "ask-question", workItemId: latestOf(play, who).id, to: person(to), text: "why?" }, person(who));

  test("two approvers cannot ask the same person at once; when they answered they can be asked again", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" } });
    ask(play, "ada", "eva");
    expect(refused(ask(play, "bob", "eva"))).toBe("already-asked");
    tell(
      play,
      { type: "complete-work-item", workItemId: latestOf(play, "eva").id, outputs: { answer: "so" } },
      person("eva"),
    );
    expect(refused(ask(play, "bob", "eva"))).toBeNull();
  });

  test("an approver is not asked by another, nor by themselves, and who is asked is no approver meanwhile", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" } });
    expect([refused(ask(play, "ada", "bob")), refused(ask(play, "ada", "ada"))]).toEqual(
      Array(2).fill("already-approver"),
    );
    ask(play, "ada", "eva");
    expect(refused(add(play, "eva", "bob"))).toBe("already-asked");
  });
});

describe("what is sent back", () => {
  test("goes to the submitter though another approver had approved before", () => {
    const play = begun(BACK);
    add(play, "eva", "bob");
    says(play, "eva", "Approve");
    says(play, "bob", "Back");
    expect(latestOf(play, "ann")).toMatchObject({ kind: "revision", status: "assigned" });
    expect(latestOf(play, "bob").status).toBe("completed");
  });

  const sentAgain = (play: Play) =>
    tell(play, { type: "complete-work-item", workItemId: latestOf(play, "ann").id, outputs: {} }, person("ann"));
  const askedNow = (play: Play) =>
    items(play).flatMap(({ status, assignee, voting }) => (status === "assigned" && !voting ? [assignee.id] : []));

  test("and sent again is asked of whoever was added too, each time, in whatever they had said", () => {
    const play = begun(BACK);
    add(play, "eva", "bob");
    says(play, "eva", "Approve");
    says(play, "bob", "Back");
    sentAgain(play);
    expect(askedNow(play)).toEqual(["bob", "eva"]);
    says(play, "eva", "Back");
    sentAgain(play);
    expect(askedNow(play)).toEqual(["bob", "eva"]);
    says(play, "bob", "Approve");
    expect(stepOf(play, "A").outputs).toBeNull();
    says(play, "eva", "Approve");
    expect(stepOf(play, "A").outputs?.approvalDecision).toBe("Approve");
  });

  test("and sent again is asked of the group and of whose vote was added, but not of who had only been given it", () => {
    const play = begun({ ...group("Three"), rule: { type: "unanimous" }, ...BACK });
    add(play, "eva", "ada");
    says(play, "cleo", "Back");
    sentAgain(play);
    expect(askedNow(play)).toEqual(["ada", "bob", "cleo", "eva"]);
    const single = begun(BACK);
    asRoot(single, {
      type: "reassign-work-item",
      workItemId: latestOf(single, "bob").id,
      to: person("dan"),
      reason: "away",
    });
    says(single, "dan", "Back");
    sentAgain(single);
    expect(askedNow(single)).toEqual(["bob"]);
  });

  test("and sent again is not asked of whoever was added and has gone, or has decided for somebody else since", () => {
    const play = begun(BACK);
    add(play, "eva", "bob");
    says(play, "bob", "Back");
    play.world.missing.push("eva");
    sentAgain(play);
    expect(askedNow(play)).toEqual(["bob"]);
    const barred = begun(BACK);
    add(barred, "eva", "bob");
    add(barred, "dan", "bob");
    says(barred, "dan", "Back", "eva");
    sentAgain(barred);
    expect(askedNow(barred)).toEqual(["bob", "eva"]);
  });

  test("by the time-out goes to the submitter, and is people's to decide when it is sent again", () => {
    const due = { minutes: 60, timeOut: { afterMinutes: 60, outcome: "Back" } };
    const play = begun({ ...BACK, due });
    play.world.now = "2026-02-01T00:00:00.000Z";
    tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
    expect(latestOf(play, "ann")).toMatchObject({ kind: "revision", prompt: "Nobody decided in time." });
    expect(stepOf(play, "A")).toMatchObject({ status: "in_progress", decidedBy: "time_out" });
    tell(play, { type: "complete-work-item", workItemId: latestOf(play, "ann").id, outputs: { comments: "mended" } });
    expect(stepOf(play, "A").decidedBy).toBeNull();
    says(play, "bob", "Approve");
    expect(stepOf(play, "A")).toMatchObject({ status: "completed", decidedBy: null });
  });

  test("later steps run as whoever decided last, not as whoever sent it back", () => {
    const after = {
      entry: { type: "step_completed", step: "A" },
      runAs: "latest_completer",
      processing: "asynchronous",
    };
    const play = start(process([approval("A", BACK), background("B", after)]));
    const item = latestOf(play, "bob").id;
    asRoot(play, { type: "override-work-item", workItemId: item, outcome: "Back", comments: "not so" });
    tell(play, { type: "complete-work-item", workItemId: latestOf(play, "ann").id, outputs: { comments: "mended" } });
    says(play, "bob", "Approve");
    expect(stepOf(play, "B").runAs).toBe("bob");
  });
});

test("when nobody looked for long, what the clock came to first comes first, whosever it is", () => {
  const times = (afterMinutes: number, outcome: string) => ({
    due: { minutes: 10, timeOut: { afterMinutes, outcome } },
  });
  const play = start(process([approval("A", times(90, "Approve")), approval("B", times(60, "Reject"))]));
  play.world.now = "2026-02-01T00:00:00.000Z";
  tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
  expect([stepOf(play, "A").status, stepOf(play, "B").status]).toEqual(["discontinued", "completed"]);
});

test("a group decides with whoever voted last, when a member leaves", () => {
  const play = begun({ ...group("Three"), rule: { type: "unanimous" } });
  says(play, "bob", "Approve");
  says(play, "ada", "Approve");
  asRoot(play, { type: "member-left", workItemId: latestOf(play, "cleo").id });
  expect(items(play)[0]).toMatchObject({ voting: true, completionKind: "done", completedBy: "ada" });
});

test("an admin who submitted it decides where people may, and the history says so (I36)", () => {
  const play = begun({}, { allowsSelfApproval: true });
  const decide = {
    type: "override-work-item",
    workItemId: latestOf(play, "bob").id,
    outcome: "Approve",
    comments: "x",
  } as const;
  tell(play, decide, person("ann"));
  expect(play.history.map(({ milestone }) => milestone)).toEqual(
    expect.arrayContaining(["admin_override", "self_approval_allowed"]),
  );
});

test("an approval that nobody need give waits for nothing, not even for its own exit condition (I18)", () => {
  const autoApprove = requires("$Record.Amount", "less_than", 100).condition;
  const exit = requires("$Record.Paid", "equals", true);
  const play = start(process([approval("A", { autoApprove, exit })]), { record: { Amount: 5 } });
  expect(stepOf(play, "A")).toMatchObject({ status: "completed", decidedBy: "rule" });
});

describe("a decision that waits for its step's exit when the run fails", () => {
  const failed = (decide: (play: Play) => void) => {
    const exit = requires("$Record.Paid", "equals", true);
    const play = start(process([approval("A", { exit }), background("B", { processing: "asynchronous" })]));
    decide(play);
    const [before] = items(play);
    flowFails(play, "B");
    retry(play);
    return { before, twin: latestOf(play, "bob"), play };
  };

  test("is taken over by the next attempt with who decided, in whose place, and when (I35)", () => {
    const { before, twin } = failed((play) => says(play, "dee", "Approve", "bob"));
    expect(twin.id).not.toBe(before?.id);
    expect(twin).toMatchObject({ completedBy: "dee", onBehalfOf: "bob", decidedAs: "delegate" });
    expect([twin.createdAt, twin.closedAt]).toEqual([before?.createdAt, before?.closedAt]);
  });

  test("stays an admin's, openly", () => {
    const { twin, play } = failed((play) =>
      asRoot(play, {
        type: "override-work-item",
        workItemId: latestOf(play, "bob").id,
        outcome: "Approve",
        comments: "by phone",
      }),
    );
    expect(twin).toMatchObject({ completedBy: "root", decidedAs: "admin" });
    const openly = play.history.filter(({ milestone }) => milestone === "admin_override");
    expect(openly.map(({ subjectId }) => subjectId)).toContain(twin.id);
  });
});

import { describe, expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import {
  afterStep,
  approval,
  approve,
  background,
  cancel,
  finish,
  flowFails,
  human,
  itemOf,
  orchestration,
  type Play,
  picture,
  reject,
  requires,
  retry,
  runOf,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

const team = { assignee: { type: "group", value: { literal: "Team" } } };
const person = (id: string) => ({ type: "user", id }) as const;
const one = (step: object) => start(orchestration({ elements: [stage("S", [step])] }));
const claim = (play: Play, who: string, takeOver = false) =>
  tell(play, { type: "claim-work-item", workItemId: itemOf(play, "A").id, takeOver }, person(who));
const release = (play: Play, who: string) =>
  tell(play, { type: "release-work-item", workItemId: itemOf(play, "A").id }, person(who));
const give = (play: Play, to: string) =>
  tell(
    play,
    { type: "reassign-work-item", workItemId: itemOf(play, "A").id, to: person(to), reason: "away" },
    person("boss"),
  );

describe("finishing", () => {
  test("the assignee is recorded, with the comments that the flow gives", () => {
    const play = finish(one(human("A")), "A", { Comments: "fine" });
    expect(itemOf(play, "A")).toMatchObject({ completionKind: "done", completedBy: "bob", comments: "fine" });
  });

  test("a second finisher is told who was first and when", () => {
    const play = start(orchestration({ elements: [stage("S", [human("A"), human("B")])] }));
    finish(play, "A");
    const at = itemOf(play, "A").closedAt;
    expect(finish(play, "A").refusal).toEqual({ code: "item-closed", details: { kind: "done", at, by: "bob" } });
  });

  test("an item that was withdrawn says so, without a name", () => {
    const play = cancel(one(human("A")));
    expect(finish(play, "A").refusal).toMatchObject({ code: "item-closed", details: { kind: "withdrawn" } });
  });

  test("nobody finishes another person's item, nor does Baton", () => {
    const play = one(human("A"));
    expect(finish(play, "A", {}, "eve").refusal?.code).toBe("not-your-work");
    expect(
      tell(play, { type: "complete-work-item", workItemId: itemOf(play, "A").id, outputs: {} }, { type: "system" })
        .refusal?.code,
    ).toBe("not-your-work");
  });

  test("an item that does not exist is not found", () => {
    expect(tell(one(human("A")), { type: "complete-work-item", workItemId: "wi_x", outputs: {} }).refusal?.code).toBe(
      "not-found",
    );
  });

  test("mails about it that were not sent yet are withdrawn", () => {
    const play = finish(one(human("A")), "A");
    expect(play.deferred.map(({ type }) => type)).toEqual(["notify-assignment", "withdraw-assignment"]);
  });
});

describe("groups and queues (A14)", () => {
  test("whoever finishes an unclaimed item is its completer", () => {
    expect(itemOf(finish(one(human("A", team)), "A", {}, "eve"), "A").completedBy).toBe("eve");
  });

  test("a claim keeps the assignee, and others are told whose it is", () => {
    const play = claim(one(human("A", team)), "bob");
    expect(itemOf(play, "A")).toMatchObject({
      assignee: { type: "group", id: "Team" },
      claimedBy: "bob",
      assignmentNo: 1,
    });
    expect(finish(play, "A", {}, "eve").refusal).toEqual({ code: "claimed-by-other", details: { by: "bob" } });
    expect(claim(play, "eve").refusal?.code).toBe("claimed-by-other");
  });

  test("a claim again changes nothing; taking over is said", () => {
    const play = claim(one(human("A", team)), "bob");
    const before = play.history.length;
    expect(claim(play, "bob").history.length).toBe(before);
    claim(play, "eve", true);
    expect(itemOf(play, "A").claimedBy).toBe("eve");
    expect(play.history.at(-1)?.event).toMatchObject({ type: "work-item-claimed", by: "eve", from: "bob" });
  });

  test("a release gives it back to all; twice is refused", () => {
    const play = release(claim(one(human("A", team)), "bob"), "bob");
    expect(itemOf(play, "A").claimedBy).toBeNull();
    expect(release(play, "bob").refusal?.code).toBe("not-claimed");
  });

  test("one person's item cannot be claimed", () => {
    expect(claim(one(human("A")), "bob").refusal?.code).toBe("not-claimable");
  });
});

test("a run whose only open item nobody is left to do is stalled until somebody comes, or gets it", () => {
  const left = (play: Play, type: "nobody-left" | "somebody-came") =>
    tell(play, { type, workItemId: itemOf(play, "A").id }, { type: "system" });
  const stranded = left(one(human("A", team)), "nobody-left");
  expect(runOf(stranded).stalledReason).toContain("nobody is left who could do its work item");
  expect(runOf(left(stranded, "somebody-came")).stalledReason).toBeNull();
  expect(itemOf(stranded, "A").flag).toBeNull();
  expect(runOf(give(left(stranded, "nobody-left"), "eve")).stalledReason).toBeNull();
});

describe("mails that reach nobody (A16)", () => {
  const lost = (play: Play, assignmentNo: number) =>
    tell(play, { type: "mail-undelivered", workItemId: itemOf(play, "A").id, assignmentNo }, { type: "system" });

  test("flag the item, once, until somebody else gets it", () => {
    const play = lost(one(human("A")), 1);
    expect(itemOf(play, "A").flag).toBe("not_notified");
    const before = play.history.length;
    lost(play, 1);
    expect(play.history.length).toBe(before);
    expect(itemOf(give(play, "eve"), "A").flag).toBeNull();
    expect(fold(play.history)).toEqual(play.state);
  });

  test("about an earlier assignment, or an item that is done, say nothing", () => {
    const moved = lost(give(one(human("A")), "eve"), 1);
    expect(itemOf(moved, "A").flag).toBeNull();
    const done = finish(one(human("A")), "A");
    expect(lost(done, 1).refusal?.code ?? null).toBe("run-closed");
    expect(itemOf(done, "A").flag).toBeNull();
  });
});

describe("reassigning (A20)", () => {
  test("keeps the item, numbers the assignment, drops the claim, and mails the new one with the step's own words", () => {
    const play = claim(
      one(human("A", { ...team, emailSubject: { template: "Do {!$Orchestration.Instance}" } })),
      "bob",
    );
    give(play, "eve");
    expect(itemOf(play, "A")).toMatchObject({
      assignee: person("eve"),
      assignmentNo: 2,
      claimedBy: null,
      status: "assigned",
    });
    expect(play.deferred.slice(-2)).toEqual([
      { type: "withdraw-assignment", workItemId: itemOf(play, "A").id },
      {
        type: "notify-assignment",
        workItemId: itemOf(play, "A").id,
        assignmentNo: 2,
        assignee: person("eve"),
        subject: "Do run_1",
        body: null,
      },
    ]);
    expect(finish(play, "A", {}, "bob").refusal?.code).toBe("not-your-work");
  });

  test("to the same one, or of a closed item, is refused", () => {
    const play = one(human("A"));
    expect(give(play, "bob").refusal?.code).toBe("same-assignee");
    finish(play, "A");
    expect(give(play, "eve").refusal?.code).toBe("item-closed");
  });
});

describe("approvals", () => {
  const process = (steps: object[], more: object = {}) =>
    start(orchestration({ processType: "approval", elements: [stage("S", steps, more)] }));
  const status = (play: Play) => play.state?.submission?.status;

  test("a run has one submission of whoever asked", () => {
    expect(process([approval("A")]).state?.submission).toMatchObject({
      status: "in_progress",
      submittedBy: "ann",
      comments: "please",
    });
  });

  test("when all approve it ends approved, and the submitter is told", () => {
    const play = process([approval("A"), approval("B", afterStep("A"))]);
    approve(play, "A");
    approve(play, "B");
    expect(status(play)).toBe("approved");
    expect(itemOf(play, "A")).toMatchObject({ outcome: "approve" });
    expect(play.deferred.at(-1)).toMatchObject({ type: "notify-submitter", status: "approved" });
  });

  test("a rejection stops the process: step and stage completed, siblings discontinued, submission rejected (A11)", () => {
    const play = process([approval("A"), approval("B"), background("C", afterStep("A"))], { next: null });
    reject(play, "A");
    expect(picture(play)).toEqual({
      run: "completed",
      S: "completed",
      A: "completed",
      "A item": "done",
      B: "discontinued",
      "B item": "withdrawn",
      C: "not_started",
    });
    expect(status(play)).toBe("rejected");
    expect(itemOf(play, "A")).toMatchObject({ outcome: "reject", comments: "no" });
  });

  test("with onReject continue the process goes on, and still ends rejected", () => {
    const play = process([approval("A", { onReject: "continue" }), approval("B", afterStep("A"))]);
    reject(play, "A");
    expect(picture(play)).toMatchObject({ run: "in_progress", B: "in_progress" });
    approve(play, "B");
    expect(status(play)).toBe("rejected");
  });

  test("conditions see the decision as Approve or Reject", () => {
    const play = process([
      approval("A", { onReject: "continue" }),
      approval("B", { entry: requires("A.Outputs.approvalDecision", "equals", "Reject") }),
    ]);
    expect(picture(reject(play, "A"))).toMatchObject({ B: "in_progress" });
  });

  test("a process that reaches no approval step ends approved (A12)", () => {
    expect(status(process([background("A")]))).toBe("approved");
  });

  test("cancel and error are the submission's too, and a resume opens it again", () => {
    expect(status(cancel(process([approval("A")])))).toBe("canceled");
    const play = flowFails(process([approval("A")]), "A");
    expect(status(play)).toBe("error");
    expect(status(retry(play))).toBe("in_progress");
    expect(status(approve(play, "A"))).toBe("approved");
  });

  test.each([{}, { approvalDecision: "approve" }, { approvalDecision: "Maybe" }, { approvalDecision: null }])(
    "screens that end without a decision fail the step: %j",
    (outputs) => {
      const play = finish(process([approval("A")]), "A", outputs);
      expect(picture(play)).toMatchObject({ run: "error", A: "error", "A item": "withdrawn" });
      expect(runOf(play).error).toContain("approvalDecision");
    },
  );

  test("nobody decides what they submitted: not as assignee, not as a member, not by claim, not by reassignment (I36)", () => {
    const own = process([approval("A", { assignee: { type: "user", value: { literal: "ann" } } })]);
    expect(approve(own, "A", "ann").refusal?.code).toBe("own-submission");
    expect(reject(own, "A", "ann").refusal?.code).toBe("own-submission");
    const shared = process([approval("A", team)]);
    expect(approve(shared, "A", "ann").refusal?.code).toBe("own-submission");
    expect(claim(shared, "ann").refusal?.code).toBe("own-submission");
    expect(give(shared, "ann").refusal?.code).toBe("own-submission");
    expect(shared.asked).toMatchObject([{ type: "resolve-assignee", notUsers: ["ann"] }]);
  });

  test("the step's approver and comments are what its outputs say", () => {
    const play = approve(process([approval("A")]), "A");
    expect(stepOf(play, "A").outputs).toEqual({ approvalDecision: "Approve" });
  });
});

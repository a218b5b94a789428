import { describe, expect, test } from "vitest";
import type { Command } from "../../lib/engine/command";
import { approval, orchestration, type Play, retry, stage, start, stepOf, tell } from "./play";

/** What a new attempt of an approval that failed asks of whom (A6). */
const user = (id: string) => ({ type: "user", id }) as const;
const begun = (step: object = {}) =>
  start(orchestration({ processType: "approval", elements: [stage("S", [approval("A", step)])] }));
const open = (play: Play) => (play.state?.items ?? []).filter(({ status, voting }) => status === "assigned" && !voting);
const asked = (play: Play) => open(play).map(({ assignee }) => assignee.id);
const itemOf = (play: Play, who: string) => open(play).find(({ assignee }) => assignee.id === who)?.id ?? "none";
const asRoot = (play: Play, command: Command) => tell(play, command, user("root"));
const add = (play: Play, who: string, workItemId: string) =>
  asRoot(play, { type: "add-approver", workItemId, to: user(who), reason: "four eyes" });
const fails = (play: Play) => asRoot(play, { type: "fail-step", stepRunId: stepOf(play, "A").id, reason: "so" });
const says = (play: Play, who: string, approvalDecision: string) =>
  tell(play, { type: "complete-work-item", workItemId: itemOf(play, who), outputs: { approvalDecision } }, user(who));

describe("an approval that is tried again", () => {
  test("is asked of whoever was added too, however often, whatever they had said", () => {
    const play = begun();
    add(play, "eva", itemOf(play, "bob"));
    says(play, "eva", "Approve");
    for (let attempt = 0; attempt < 2; attempt++) {
      fails(play);
      expect(asked(play)).toEqual([]);
      retry(play);
      expect(asked(play)).toEqual(["bob", "eva"]);
    }
    says(play, "bob", "Approve");
    expect(stepOf(play, "A").outputs).toBeNull();
    says(play, "eva", "Approve");
    expect(stepOf(play, "A").outputs?.approvalDecision).toBe("Approve");
  });

  test("is voted on by whoever got a vote, beside the group's members", () => {
    const play = begun({ assignee: { type: "group", value: { literal: "Three" } }, rule: { type: "unanimous" } });
    add(play, "eva", itemOf(play, "ada"));
    fails(retry(fails(play)));
    retry(play);
    expect(asked(play)).toEqual(["ada", "bob", "cleo", "eva"]);
  });

  test("while it was sent back is asked of whoever had been added before that, and of nobody who is gone", () => {
    const play = begun({ outcomes: [{ name: "Back", label: "Send back", does: "send_back" }] });
    add(play, "eva", itemOf(play, "bob"));
    add(play, "dan", itemOf(play, "bob"));
    says(play, "bob", "Back");
    play.world.missing.push("dan");
    retry(fails(play));
    expect(asked(play)).toEqual(["bob", "eva"]);
  });

  test("is asked of nobody who was only given it by hand", () => {
    const play = begun();
    const workItemId = itemOf(play, "bob");
    asRoot(play, { type: "reassign-work-item", workItemId, to: user("dan"), reason: "away" });
    retry(fails(play));
    expect(asked(play)).toEqual(["bob"]);
  });
});

import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { history, membership, run, submission } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { canonicalJson } from "../../lib/logic/canonical";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import type { Result } from "../../lib/result";
import { controlRun, goToStage, retryRun } from "../../lib/runs/commands";
import { type Start, startRun } from "../../lib/runs/start";
import { claimItem } from "../../lib/work/commands/claim-item";
import { completeItem } from "../../lib/work/commands/complete-item";
import {
  aBackgroundStep,
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, finished, started, stateNow, theItem } from "../builders/runs";
import { atOnce, eitherFirst } from "../support/at-once";
import { patience, roundsOr } from "../support/rounds";

/**
 * More races (F25, F27, F32–F34, and run control): each round a fresh run. `npm run faults -- --races` runs hundreds of rounds. The
 * invariants and the fold of every run are looked at after the file.
 */
const ROUNDS = roundsOr(25);
const PATIENCE = patience(ROUNDS);

const team = await aTeamWithThings();
const racers = await Promise.all(Array.from({ length: 4 }, () => aPerson()));
const { groupId } = await aGroup("Runners", racers);
const members = await Promise.all(racers.map(again));
const shared = { assignee: { type: "group", value: { literal: "Runners" } } };
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });

const good = (answers: readonly Result<unknown>[]) => answers.filter(({ ok }) => ok).length;
const codes = (answers: readonly Result<unknown>[]) =>
  answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal.code]));
async function inRounds(race: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await race(round);
}
const submissionOf = async (runId: string) =>
  (await db().select().from(submission).where(eq(submission.runId, runId)))[0]?.status;

async function requested(definitionId: string): Promise<string> {
  const recordId = await aRecord("Thing", {}, team.ann);
  return must(
    await commanded(team.ann, (tx) => requestApproval(tx, team.ann, { definitionId, recordId, comments: "please" })),
  ).runId;
}
const say = (person: Person, workItemId: string, decision: "approve" | "reject") =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: "as I see it" }));

/** In a transaction of its own. */
const startedAlone = (start: Start) => commanded(team.ann, (tx) => startRun(tx, team.ann, start));

test("approved and rejected at once by two of a group: the first word counts (F27)", PATIENCE, async () => {
  const { definitionId } = await activated(
    anApprovalProcess([aStage("First", [anApprovalStep("Decide", shared)])], { name: "RaceGroup" }),
  );
  const [one, other] = members;
  if (!one || !other) throw new Error("no members");
  await inRounds(async (round) => {
    const runId = await requested(definitionId);
    const { workItemId } = await theItem(runId);
    const acts = [() => say(one, workItemId, "approve"), () => say(other, workItemId, "reject")];
    if (round % 2) acts.reverse();
    const answers = await atOnce(runId, acts);
    expect([good(answers), codes(answers)]).toEqual([1, ["item-closed"]]);
    const isApproved = answers[round % 2 ? 1 : 0]?.ok;
    expect(await submissionOf(runId)).toBe(isApproved ? "approved" : "rejected");
  });
});

test(
  "two must approve, one rejects at once: rejected in either order, and nobody approves afterwards (F27)",
  PATIENCE,
  async () => {
    const [one, other] = members;
    if (!one || !other) throw new Error("no members");
    const both = aStage("First", [anApprovalStep("A", to(one)), anApprovalStep("B", to(other))]);
    const { definitionId } = await activated(anApprovalProcess([both], { name: "RaceBoth" }));
    await inRounds(async (round) => {
      const runId = await requested(definitionId);
      const { items } = await stateNow(runId);
      const itemOf = ({ userId }: Person) => items.find(({ assignee }) => assignee.id === userId)?.id ?? "";
      const acts = [() => say(one, itemOf(one), "approve"), () => say(other, itemOf(other), "reject")];
      if (round % 2) acts.reverse();
      const answers = await atOnce(runId, acts);
      expect(answers[round % 2 ? 0 : 1]?.ok).toBe(true);
      expect(codes(answers).every((code) => code === "item-closed")).toBe(true);
      expect(await submissionOf(runId)).toBe("rejected");
    });
  },
);

test(
  "started many times for one record at once: one run where one may be open, else one for each (F32)",
  PATIENCE,
  async () => {
    const first = [aStage("First", [anInteractiveStep("Fill")])];
    const single = anOrchestration(first, {
      name: "RaceOne",
      start: { type: "autolaunched", object: "Thing", next: "First", oneOpenRun: true },
    });
    const [one, many] = [await activated(single), await activated(anOrchestration(first, { name: "RaceMany" }))];
    await inRounds(async () => {
      const recordId = await aRecord("Thing", {}, team.ann);
      const starts = ({ definitionId }: { readonly definitionId: string }) =>
        Array.from({ length: 4 }, () => () => startedAlone({ definitionId, recordId, inputs: {} }));
      const answers = await atOnce(recordId, starts(one));
      expect([good(answers), new Set(codes(answers))]).toEqual([1, new Set(["already-running"])]);
      expect(good(await atOnce(recordId, starts(many)))).toBe(4);
    });
  },
);

test("saved many times at once: the record starts one run, and every save is answered (F32)", PATIENCE, async () => {
  const { definitionId } = await activated(
    anOrchestration([aStage("First", [anInteractiveStep("Fill")])], {
      name: "RaceSaves",
      start: { type: "record_triggered", object: "Thing", on: "update", next: "First", oneOpenRun: true },
    }),
  );
  await inRounds(async (round) => {
    const recordId = await aRecord("Thing", {}, team.ann);
    const save = (Amount: number) => () =>
      commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id: recordId, values: { Amount } }));
    const answers = await atOnce(
      recordId,
      [1, 2, 3, 4].map((amount) => save(round * 10 + amount)),
    );
    expect(good(answers)).toBe(4);
    const runs = await db()
      .select()
      .from(run)
      .where(and(eq(run.recordId, recordId), eq(run.definitionId, definitionId)));
    expect(runs).toHaveLength(1);
  });
});

test("tried again by two at once, each with a key of their own: one new attempt (F33)", PATIENCE, async () => {
  const fails = { type: "update_records", name: "Set", label: "Set", object: "Thing", record: "recordId", values: {} };
  await activated(aBackgroundFlow("Fails", { elements: [{ ...fails, next: null }] }));
  const step = aBackgroundStep("Work", { flow: "Fails", processing: "asynchronous" });
  const broken = { ...step, inputs: { recordId: { literal: "rec_none" } } };
  const { definitionId } = await activated(anOrchestration([aStage("First", [broken])], { name: "RaceAgain" }));
  await inRounds(async () => {
    const { runId } = must(
      await started(team.ann, { definitionId, recordId: await aRecord("Thing", {}, team.ann), inputs: {} }),
    );
    const fail = (await stateNow(runId)).steps[0]?.id ?? "";
    must(
      await commanded(team.admin, (tx) =>
        controlRun(tx, team.admin, { runId, command: { type: "fail-step", stepRunId: fail, reason: "it hangs" } }),
      ),
    );
    const retry = () => commanded(team.admin, (tx) => retryRun(tx, team.admin, { runId, reason: "again" }));
    const answers = await atOnce(runId, [retry, retry, retry]);
    // The new attempt's job is alive when the others ask.
    expect(good(answers)).toBe(1);
    expect((await stateNow(runId)).steps.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "error"],
      [2, "in_progress"],
    ]);
  });
});

test("put out of the group while claiming: claimed before that, or not found (F34)", PATIENCE, async () => {
  const { definitionId } = await activated(
    anOrchestration([aStage("First", [anInteractiveStep("Fill", shared)])], { name: "RaceRights" }),
  );
  const [member] = members;
  if (!member) throw new Error("no member");
  const place = { containerType: "group", containerId: groupId, memberType: "user", memberId: member.userId } as const;
  const seen = { claimed: 0, refused: 0 };
  await inRounds(async (round) => {
    const recordId = await aRecord("Thing", {}, team.ann);
    const { runId } = must(await started(team.ann, { definitionId, recordId, inputs: {} }));
    const { workItemId } = await theItem(runId);
    const putOut = () => db().delete(membership).where(eq(membership.memberId, member.userId));
    const claim = () => commanded(member, (tx) => claimItem(tx, member, { workItemId, takeOver: false }));
    const losing = (): Promise<Result<unknown>> => putOut().then(() => ({ ok: true, value: null }));
    const [claimed] = await eitherFirst<Result<unknown>>(round, runId, [claim, losing]);
    expect(claimed.ok || claimed.refusal.code === "not-found").toBe(true);
    seen[claimed.ok ? "claimed" : "refused"]++;
    await putOut();
    // Whoever got it may not finish it any more.
    expect(codes([await finished(member, workItemId)])).toEqual(["not-found"]);
    await db().insert(membership).values(place);
  });
  expect(Math.min(seen.claimed, seen.refused)).toBeGreaterThan(0);
});

test("fifty times the same at once: one effect and fifty times one answer (F25)", PATIENCE, async () => {
  const { definitionId } = await activated(
    anOrchestration([aStage("First", [anInteractiveStep("Fill", shared)])], { name: "RacePress" }),
  );
  const [member] = members;
  if (!member) throw new Error("no member");
  for (let round = 0; round < roundsOr(1); round++) {
    const recordId = await aRecord("Thing", {}, team.ann);
    const { runId } = must(await started(team.ann, { definitionId, recordId, inputs: {} }));
    const { workItemId } = await theItem(runId);
    const press = () =>
      commanded(member, (tx) => completeItem(tx, member, { workItemId, outputs: {} }), `fifty-${workItemId}`);
    // By as many at once as there are connections: who waits longer than 2 s for one is told that it is busy.
    const answers: Result<unknown>[] = [];
    for (let ten = 0; ten < 5; ten++)
      answers.push(
        ...(await atOnce(
          runId,
          Array.from({ length: 10 }, () => press),
        )),
      );
    expect(good(answers)).toBe(50);
    expect(new Set(answers.map(canonicalJson)).size).toBe(1);
    const ends = await db()
      .select()
      .from(history)
      .where(and(eq(history.runId, runId), eq(history.type, "work-item-completed")));
    expect(ends).toHaveLength(1);
  }
});

test(
  "led to another stage, suspended or skipped while somebody finishes: one thing after the other, and the run is whole",
  PATIENCE,
  async () => {
    const { ann, admin } = team;
    const long = anOrchestration(
      [
        aStage("First", [anInteractiveStep("Fill", shared)], { next: "Second" }),
        aStage("Second", [anInteractiveStep("More", shared)]),
      ],
      { name: "RaceControl" },
    );
    const { definitionId } = await activated(long);
    await inRounds(async (round) => {
      const recordId = await aRecord("Thing", {}, ann);
      const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
      const { workItemId } = await theItem(runId);
      const stepRunId = (await stateNow(runId)).steps[0]?.id ?? "";
      const reason = "now";
      const words = [
        () => commanded(admin, (tx) => goToStage(tx, admin, { runId, stage: "Second", reason })),
        () => commanded(admin, (tx) => controlRun(tx, admin, { runId, command: { type: "suspend", reason } })),
        () =>
          commanded(admin, (tx) =>
            controlRun(tx, admin, { runId, command: { type: "skip-step", stepRunId, reason, outputs: null } }),
          ),
      ];
      const word = words[round % words.length];
      const member = members[round % members.length];
      if (!word || !member) throw new Error("nobody there");
      const finish = () => finished(member, workItemId);
      const [done, told] = await eitherFirst<Result<unknown>>(round, runId, [finish, word]);
      // Of a finished step there is nothing to skip, and of a stage that was left nothing to finish.
      if (!done.ok) expect(done.refusal.code).toBe("item-closed");
      if (!told.ok) expect(told.refusal.code).toBe("step-not-open");
      expect(done.ok || told.ok).toBe(true);
      const state = await stateNow(runId);
      expect(state.items.filter(({ status }) => status === "assigned").length).toBeLessThanOrEqual(1);
      expect(state.stages.filter(({ status }) => ["in_progress", "suspended"].includes(status))).toHaveLength(1);
    });
  },
);

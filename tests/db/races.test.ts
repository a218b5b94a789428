import { and, asc, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, outbox } from "../../db/schema";
import type { Orchestration } from "../../lib/engine/definition";
import { canonicalJson } from "../../lib/logic/canonical";
import type { Person } from "../../lib/people/current-person";
import { isKnownCode, sentenceOf } from "../../lib/refusals";
import type { Result } from "../../lib/result";
import { cancelRun, retryRun } from "../../lib/runs/commands";
import { claimItem } from "../../lib/work/commands/claim-item";
import { completeItem } from "../../lib/work/commands/complete-item";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aGroup, again, aPerson, aQueue } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeam, aThingWorld, commanded, finished, started, stateNow, theItem } from "../builders/runs";
import { atOnce, eitherFirst } from "../support/at-once";
import { patience, roundsOr } from "../support/rounds";

/**
 * Two or more people at the same moment (F25–F33): one wins, the others get a sentence, and whatever the order was the run is whole. Each is in a
 * transaction of its own, and all stand before the run before one goes through. The invariants and the fold of every run are looked at after the file.
 */
const ROUNDS = roundsOr(50);
const PATIENCE = patience(ROUNDS);

let team: Awaited<ReturnType<typeof aTeam>>;
let members: Person[];
const group = { assignee: { type: "group", value: { literal: "Racers" } } };
const queue = { assignee: { type: "queue", value: { literal: "Track" } } };
beforeAll(async () => {
  await aThingWorld();
  team = await aTeam();
  const made = await Promise.all(Array.from({ length: 4 }, () => aPerson()));
  await aGroup("Racers", made);
  await aQueue("Track", made);
  members = await Promise.all(made.map(again));
});

/** A fresh run for each round of one definition, and what the racers did. */
async function rounds(definition: Orchestration, race: (runId: string, round: number) => Promise<void>): Promise<void> {
  const { definitionId } = await activated(definition);
  for (let round = 0; round < ROUNDS; round++) {
    const recordId = await aRecord("Thing", {}, team.ann);
    await race(must(await started(team.ann, { definitionId, recordId, inputs: {} })).runId, round);
  }
}

/** Of these answers exactly one is good; every other is a refusal that people can read. */
function oneWinner(answers: readonly Result<unknown>[], codes: readonly string[]): void {
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  for (const answer of answers) {
    if (answer.ok) continue;
    expect(codes).toContain(answer.refusal.code);
    expect(isKnownCode(answer.refusal.code) && sentenceOf(answer.refusal).length > 20).toBe(true);
  }
}

const eventsOf = async (runId: string, type: string) =>
  db()
    .select()
    .from(history)
    .where(and(eq(history.runId, runId), eq(history.type, type)))
    .orderBy(asc(history.seq));
const one = anOrchestration([aStage("First", [anInteractiveStep("Fill", group)])], { name: "Race" });

test("of several who finish one item one wins; the others are told who was first (F26)", PATIENCE, async () => {
  await rounds(one, async (runId) => {
    const { workItemId } = await theItem(runId);
    const acts = members.map((member) => () => finished(member, workItemId));
    const answers = await atOnce(runId, acts);
    oneWinner(answers, ["item-closed"]);
    const winner = members[answers.findIndex(({ ok }) => ok)];
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.details?.byId).toBe(winner?.userId);
    expect(await eventsOf(runId, "work-item-completed")).toHaveLength(1);
  });
});

test(
  "reassigned while its holder finishes: either it was done, or it is the other's; the new one is mailed only then (F28)",
  PATIENCE,
  async () => {
    const [mover] = [team.boss];
    const [holder, other] = [members[0], members[1]];
    if (!holder || !other) throw new Error("no members");
    const own = anOrchestration(
      [
        aStage("First", [
          anInteractiveStep("Fill", { assignee: { type: "user", value: { literal: holder.username } } }),
        ]),
      ],
      { name: "RaceMove" },
    );
    const won = { finished: 0, moved: 0 };
    await rounds(own, async (runId, round) => {
      const { workItemId } = await theItem(runId);
      const finish = () => finished(holder, workItemId);
      const move = () =>
        commanded(mover, (tx) =>
          reassignItem(tx, mover, { workItemId, to: { type: "user", id: other.userId }, reason: "" }),
        );
      const [done, moved] = await eitherFirst<Result<unknown>>(round, runId, [finish, move]);
      oneWinner([done, moved], ["item-closed", "not-your-work"]);
      won[done.ok ? "finished" : "moved"]++;
      const mails = await db()
        .select()
        .from(outbox)
        .where(and(eq(outbox.workItemId, workItemId), eq(outbox.assignmentNo, 2)));
      expect(mails).toHaveLength(moved.ok ? 1 : 0);
    });
    expect(Math.min(won.finished, won.moved)).toBeGreaterThan(0);
  },
);

test(
  "canceled while somebody finishes: finished and then canceled, or canceled and the finisher told (F29)",
  PATIENCE,
  async () => {
    const long = anOrchestration(
      [
        aStage("First", [anInteractiveStep("Fill", group)], { next: "Second" }),
        aStage("Second", [anInteractiveStep("More", group)]),
      ],
      { name: "RaceCancel" },
    );
    await rounds(long, async (runId, round) => {
      const { workItemId } = await theItem(runId);
      const member = members[round % members.length] ?? team.ann;
      const finish = () => finished(member, workItemId);
      const cancel = () => commanded(team.admin, (tx) => cancelRun(tx, team.admin, { runId, reason: "enough" }));
      const [done, canceled] = await eitherFirst<Result<unknown>>(round, runId, [finish, cancel]);
      expect(canceled.ok).toBe(true);
      if (!done.ok) expect(done.refusal).toMatchObject({ code: "item-closed", details: { kind: "withdrawn" } });
      const state = await stateNow(runId);
      expect(state.run.status).toBe("canceled");
      expect(state.steps[0]?.status).toBe(done.ok ? "completed" : "canceled");
    });
  },
);

test.each([
  ["group", one],
  ["queue", anOrchestration([aStage("First", [anInteractiveStep("Fill", queue)])], { name: "RaceQueue" })],
])("claimed by several of a %s: one owner, the others are told the name (F30)", PATIENCE, async (_, definition) => {
  await rounds(definition, async (runId) => {
    const { workItemId } = await theItem(runId);
    const claim = (member: Person) => () =>
      commanded(member, (tx) => claimItem(tx, member, { workItemId, takeOver: false }));
    const answers = await atOnce(runId, members.map(claim));
    oneWinner(answers, ["claimed-by-other"]);
    expect((await theItem(runId)).claimedBy).toBe(members[answers.findIndex(({ ok }) => ok)]?.userId);
  });
});

const wide = anOrchestration(
  [
    aStage(
      "First",
      ["A", "B", "C", "D"].map((name) => anInteractiveStep(name, group)),
      { next: "Second" },
    ),
    aStage("Second", [anInteractiveStep("More", group)]),
  ],
  { name: "RaceEnd" },
);

test(
  "parallel steps that end at the same moment, each the last: the stage ends once, the next begins once (F31)",
  PATIENCE,
  async () => {
    await rounds(wide, async (runId) => {
      const { items } = await stateNow(runId);
      const acts = items.map((item, at) => () => finished(members[at] ?? team.ann, item.id));
      const answers = await atOnce(runId, acts);
      expect(answers.every(({ ok }) => ok)).toBe(true);
      const state = await stateNow(runId);
      expect(state.stages.map(({ status }) => status)).toEqual(["completed", "in_progress"]);
      expect(state.items.filter(({ status }) => status === "assigned")).toHaveLength(1);
    });
  },
);

test("tried again twice with one key at once: one new attempt (F33)", PATIENCE, async () => {
  const { ann, admin } = team;
  await activated(
    aBackgroundFlow("Breaks", {
      elements: [
        {
          type: "update_records",
          name: "Set",
          label: "Set",
          object: "Thing",
          record: "recordId",
          values: {},
          next: null,
        },
      ],
    }),
  );
  const { definitionId } = await activated(
    anOrchestration(
      [aStage("First", [aBackgroundStep("Work", { flow: "Breaks", inputs: { recordId: { literal: "rec_none" } } })])],
      { name: "RaceRetry" },
    ),
  );
  for (let round = 0; round < roundsOr(20); round++) {
    const { runId } = must(await started(ann, { definitionId, recordId: await aRecord("Thing", {}, ann), inputs: {} }));
    const retry = () => commanded(admin, (tx) => retryRun(tx, admin, { runId, reason: "again" }), `retry-${runId}`);
    const answers = await atOnce(runId, [retry, retry]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect((await stateNow(runId)).steps.map(({ attempt }) => attempt)).toEqual([1, 2]);
  }
});

test("one key from many tabs at once: one effect, one answer (F25)", PATIENCE, async () => {
  await rounds(one, async (runId) => {
    const { workItemId } = await theItem(runId);
    const [member] = members;
    if (!member) throw new Error("no member");
    const press = () =>
      commanded(member, (tx) => completeItem(tx, member, { workItemId, outputs: {} }), `press-${workItemId}`);
    const answers = await atOnce(runId, [press, press, press, press, press]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(new Set(answers.map((answer) => canonicalJson(answer))).size).toBe(1);
  });
});

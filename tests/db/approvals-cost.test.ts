import { beforeAll, expect, test } from "vitest";
import { closePool, db } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { requestApproval } from "../../lib/approvals/commands";
import { decideAgain } from "../../lib/approvals/decide-again";
import { newId } from "../../lib/ids";
import { costOf, startMeter } from "../../lib/launch/bench-meter";
import type { Person } from "../../lib/people/current-person";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { railOf } from "../../lib/work/queries/list-work";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

/** What a decision page costs the database; the last of several, when statements are prepared and definitions known. */
const TIMES = 4;
let team: { readonly ann: Person; readonly boss: Person };

beforeAll(async () => {
  startMeter();
  await closePool();
  await closeTransactions();
  team = await aTeamWithThings();
  const facts = [{ label: "How much", value: "$Record.Amount" }];
  await activated(
    anApprovalProcess([aStage("First", [anApprovalStep("One")])], { approval: { facts, policy: "Be careful." } }),
  );
});

async function submitted() {
  const recordId = await aRecord("Thing", { Amount: 100 }, team.ann);
  const request = { definitionId: "Approval", recordId, comments: "Please" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  return theItem(runId);
}

/** What the approver's page says of itself. */
const shownAs = async (workItemId: string) => (await itemDetail(db(), team.boss, workItemId))?.approval?.shownAs;

async function costOfLast(work: (workItemId: string, shownAs: string | undefined) => Promise<unknown>) {
  const prepared = async () => {
    const { workItemId } = await submitted();
    const shown = await shownAs(workItemId);
    return () => work(workItemId, shown);
  };
  for (let warm = 1; warm < TIMES; warm++) await (await prepared())();
  return (await costOf(1, await prepared())).statements;
}

/** Besides: who asks, with their session, and the processes that the list can be narrowed to. */
const ELSEWHERE = 2;

test("opening a decision page asks the database at most ten questions: the rail, the list and what is open", async () => {
  const asked = await costOfLast(async (workItemId) => {
    const [rail, list, detail] = await Promise.all([
      railOf(db(), team.boss),
      listApprovals(db(), team.boss, { view: "decide" }),
      itemDetail(db(), team.boss, workItemId),
    ]);
    expect(rail.counts.approvals).toBeGreaterThan(0);
    expect(rail.objects.map(({ name }) => name)).toContain("Thing");
    expect(list.rows[0]).toMatchObject({
      workItemId,
      facts: [{ label: "How much", shown: expect.stringContaining("100") }],
    });
    expect(detail).toMatchObject({ mayWork: true, approval: {} });
  });
  expect(asked).toBeGreaterThan(4);
  expect(asked + ELSEWHERE).toBeLessThanOrEqual(10);
});

test("deciding asks the database at most ten questions, between BEGIN and COMMIT", async () => {
  const sent = await costOfLast(async (workItemId, shown) => {
    const input = {
      workItemId,
      decision: "approve",
      comments: "",
      key: newId("command"),
      shownAs: shown,
    };
    must(await decideAgain(team.boss, { input }));
  });
  expect(sent).toBeGreaterThan(4);
  expect(sent - 2).toBeLessThanOrEqual(10);
});

test("a list asks as much for many requests as for one, though what it shows lies behind their lookups", async () => {
  const facts = [{ label: "Who decides", value: "$Record.Owner.Manager.Name" }];
  const far = anApprovalProcess([aStage("First", [anApprovalStep("One")])], { name: "Far", approval: { facts } });
  const { definitionId } = await activated(far);
  const ask = async () => {
    const request = { definitionId, recordId: await aRecord("Thing", {}, team.ann), comments: "" };
    must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  };
  const costOfList = async (count: number) => {
    const list = async () => {
      const { rows } = await listApprovals(db(), team.boss, { view: "decide", process: definitionId });
      expect(rows.map((row) => row.facts[0]?.shown)).toEqual(Array(count).fill("Bea Boss"));
    };
    for (let warm = 1; warm < TIMES; warm++) await list();
    return (await costOf(1, async () => list)).statements;
  };
  await ask();
  const ofOne = await costOfList(1);
  for (let more = 0; more < 4; more++) await ask();
  expect(await costOfList(5)).toBe(ofOne);
});

import { beforeAll, expect, test } from "vitest";
import { closePool } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { costsOfCommands, type Measured, wantedOf } from "../../lib/launch/bench-commands";
import { type Cost, startMeter } from "../../lib/launch/bench-meter";
import { activated } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { aPerson } from "../builders/people";

const TIMES = 4;
let costs: Record<Measured, Cost>;

beforeAll(async () => {
  startMeter();
  await closePool();
  await closeTransactions();
  await activated(aScreenFlow());
  costs = await costsOfCommands(await aPerson({ role: "admin" }), TIMES);
});

test.each<Measured>([
  "start",
  "complete",
  "claim",
  "release",
  "reassign",
  "reassign-many",
  "cancel",
  "suspend",
  "resume",
  "fail",
  "skip",
  "go-to-stage",
  "retry",
  "request",
  "decide",
  "decide-many",
  "decide-by-mail",
  "override",
  "add-approver",
  "ask",
  "answer",
  "recall",
  "create-record",
  "save-record",
  "delegate",
])(
  "%s, which runs no flow, is at most five round trips to the database, and six around an answer by mail",
  (command) => {
    const { statements, round_trips: trips } = costs[command];
    expect(statements).toBeGreaterThan(trips);
    expect(trips).toBeGreaterThan(1);
    expect(trips).toBeLessThanOrEqual(wantedOf(command));
  },
);

import { eq, sql } from "drizzle-orm";
import { closePool, db } from "../../db/client";
import { definitionVersion } from "../../db/schema";
import { closeTransactions } from "../../db/transaction";
import { activate } from "../../lib/definitions/commands/activate";
import { saveRecord } from "../../lib/records/commands/save-record";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { letBackIn } from "../../lib/work/commands/let-back-in";
import { wasOf } from "../builders/people";
import { must } from "../builders/records";
import { commanded } from "../builders/runs";
import { type Deed, ROOT, typeOf } from "./deeds";
import { at, type RealCase, takenOutOfUse } from "./real-case";
import { activeAsItIs, sometimesVersion } from "./real-flows";
import { doJob, noJobs } from "./real-jobs";
import { delegateReally, idOf, personNamed } from "./real-world";
import type { World } from "./world";

/** What is done about people, through the commands that do it. */
export async function doReally({ real }: RealCase, deed: Deed, world: World): Promise<void> {
  const root = personNamed(real, ROOT);
  switch (deed.type) {
    case "delegate":
    case "end-delegation":
      return delegateReally(real, deed.type === "delegate");
    case "change-team": {
      const [type, id] = [typeOf(deed.team), idOf(real, deed.team)];
      const was = await wasOf(type, id);
      const members = deed.members.map((name) => ({ type: "user" as const, id: idOf(real, name) }));
      const asked = { type, id, label: was.label, members, was };
      must(await commanded(root, (tx) => changePlaceAndWork(at(tx, world), root, asked)));
      return;
    }
    case "deactivate": {
      const userId = idOf(real, deed.who);
      must(await commanded(root, (tx) => deactivateAndHandOver(at(tx, world), root, { userId })));
      return;
    }
    case "let-in": {
      const userId = idOf(real, deed.who);
      must(await commanded(root, (tx) => letBackIn(at(tx, world), root, { userId })));
    }
  }
}

/** What happens around a run and changes nothing of it; each in its way must leave the run as it was. */
export const AROUND = {
  /** The process forgets all that it holds open, as when it dies and another one takes its place. */
  async crash() {
    await closeTransactions();
    await closePool();
  },
  /** Runs under way go on with the version that they are pinned to, whichever is active, or none. */
  deactivated: takenOutOfUse,
  async newVersion({ definition }: RealCase) {
    const { name } = definition;
    const versions = await db().$count(definitionVersion, eq(definitionVersion.definitionId, name));
    const elements = definition.elements.slice(0, 1);
    // One that a save starts would start more runs.
    const start = { type: "autolaunched", object: "Deal", next: null } as const;
    await activeAsItIs({ ...definition, label: "Another", start, elements }, { version: versions + 1 });
  },
  /** Somebody saves the record as they saw it before its last change. */
  async outOfDate({ real, recordId: id }: RealCase) {
    const zoe = personNamed(real, "zoe");
    const values = { Size: 99 };
    const result = await commanded(zoe, (tx) =>
      saveRecord(tx, zoe, { object: "Deal", id, values, expectedVersion: 0 }),
    );
    if (result.ok) throw new Error("an out-of-date version was saved");
  },
} as const satisfies { readonly [what: string]: (one: RealCase) => Promise<unknown> };
export type Around = keyof typeof AROUND;

/**
 * Another version of the evaluation flow `Sometimes`, which runs that ask it hear of by the worker: one job finds them, one wakes this one.
 * Gives whether it was woken.
 */
export async function activateSometimes({ real, runId }: RealCase, isAlways: boolean): Promise<boolean> {
  const { sometimes } = real.flows;
  await noJobs([runId]);
  const root = personNamed(real, ROOT);
  const [name, version] = ["Sometimes", sometimesVersion(real.flows, isAlways)];
  must(await commanded(root, (tx) => activate(tx, root, { name, version })));
  Object.assign(sometimes, { version, isAlways });
  if (!(await doJob({ kind: "ask_again" }))) throw new Error("nobody is asked again");
  await db().execute(
    sql`update job set status = 'done', ended_at = clock_timestamp() where kind = 'ask_again' and status = 'queued'`,
  );
  return doJob({ runId, kind: "wake" });
}

import { sql } from "drizzle-orm";
import { db } from "../../db/client";
import type { Person } from "../people/current-person";
import { listApprovals } from "../work/queries/list-approvals";

/** Open approvals of the person who looks, among all that there are. */
const OWN = 200;
const OTHERS = 500;
const TIMES = 30;
/** Rows of one statement: a second or so. */
const BATCH = 10_000;

type ListTimes = { readonly items: number; readonly median_ms: number };

/** How long the first page of My approvals takes with so many open approvals in the database: the person's own, and other people's. */
export async function timeApprovals(
  person: Person,
  like: string,
  sizes: readonly number[],
): Promise<readonly ListTimes[]> {
  const times: ListTimes[] = [];
  let made = 0;
  for (const items of sizes) {
    for (; made < items; made += Math.min(BATCH, items - made))
      await fill(person, like, { from: made, to: Math.min(items, made + BATCH) });
    await db().execute(sql`analyze work_item`);
    times.push({ items, median_ms: await median(() => listApprovals(db(), person, { view: "decide" })) });
  }
  return times;
}

/** Copies of an item as open approvals, the first for the person and the others for people who are not there. Only for looking at. */
async function fill(
  { userId }: Person,
  like: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await db().execute(sql`
    insert into work_item (run_id, work_item_id, step_run_id, kind, status, label, process_label, stage_label, assignee_type, assignee_id,
      assignment_no, assigned_at, created_at)
    select run_id, 'wi_bench' || n, step_run_id, 'approval', 'assigned', label, process_label, stage_label, 'user',
      case when n <= ${OWN} then ${userId} else 'usr_bench' || (n % ${OTHERS}) end, 1, assigned_at + n * interval '1 second', created_at
    from work_item cross join generate_series(${from + 1}::int, ${to}::int) n where work_item_id = ${like}`);
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const begun = performance.now();
    await work();
    took.push(performance.now() - begun);
  }
  const sorted = took.slice(5).toSorted((one, other) => one - other);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}

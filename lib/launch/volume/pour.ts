import type { Client, Mould } from "./moulds";

/** How many runs a database is to have. */
export type Volume = { readonly ended: number; readonly open: number };

/** Open items on one person's desk. */
export const EACH = 100;
export const peopleIn = ({ open }: Volume): number => Math.max(2, Math.ceil(open / EACH));

/** The id of somebody of the volume; the first has the number 1. */
export const personOf = (number: string): string => `'usr_' || lpad(to_hex(${number}), 26, '0')`;

/** Runs of one statement: a second or so. */
const BATCH = 10_000;
/** What is kept for a while only, as `lib/worker/sweep.ts` keeps it. */
const KEPT: Readonly<Record<string, string>> = { job: "c.started_at > now() - interval '7 days'" };
/** How long ago the first of them began. */
const OVER = "interval '365 days'";

/**
 * Casts the moulds until there are that many runs, begun one after another within the last year, and the people whose they are. One statement of SQL for ten
 * thousand rows of a table, on two connections at once; `told` how many runs are there.
 */
export async function pour(
  clients: readonly Client[],
  {
    moulds,
    volume,
    told,
  }: { readonly moulds: readonly Mould[]; readonly volume: Volume; readonly told: (runs: number) => void },
): Promise<void> {
  const [first] = clients;
  if (!first) return;
  const total = volume.ended + volume.open;
  await first.unsafe(makePeople(volume));
  await first.unsafe(makeCasts(volume));
  let next = 0;
  let done = 0;
  const lane = async (client: Client): Promise<void> => {
    // Nothing is asked of foreign keys, which hold by the way the rows are made, and hold afterwards as they did before.
    await client.unsafe(
      "set session_replication_role = replica; set enable_nestloop = off; set enable_mergejoin = off; set jit = off",
    );
    while (next < total) {
      const from = next;
      const to = Math.min(total, from + BATCH);
      next = to;
      for (const mould of moulds) await client.unsafe(castOf(mould, from, to));
      done += to - from;
      told(done);
    }
  };
  await Promise.all(clients.map(lane));
  // What was run is as old as its oldest run. The version's guard says nothing either.
  await first.unsafe(
    `update definition_version set activated_at = activated_at - ${OVER}, first_activated_at = first_activated_at - ${OVER}`,
  );
  await first.unsafe("drop schema volume cascade");
}

const castOf = ({ table, columns, values }: Mould, from: number, to: number): string => `
  insert into public.${table} (${columns.join(", ")})
  select ${values.join(", ")} from volume.cast c join volume.${table} m on m.model = c.model
  where c.n > ${from} and c.n <= ${to} ${KEPT[table] ? `and ${KEPT[table]}` : ""}`;

const makePeople = (volume: Volume): string => `
  insert into "user" (user_id, username, email, name)
  select ${personOf("n")}, 'volume-' || n, 'volume-' || n || '@example.org', 'Person ' || n from generate_series(1, ${peopleIn(volume)}) n`;

/** The first ten letters of an id, which are its instant (`lib/ids.ts`). */
const INSTANT = Array.from({ length: 10 }, (_, at) => {
  const letter = `((milliseconds >> ${45 - 5 * at}) & 31)::int + 1`;
  return `substr('0123456789abcdefghjkmnpqrstvwxyz', ${letter}, 1)`;
}).join(" || ");

/** Each run to be: its model, when it began, the token that its ids share, and whose it is. Open ones lie evenly among the ended. */
function makeCasts(volume: Volume): string {
  const total = volume.ended + volume.open;
  const people = peopleIn(volume);
  return `
    create unlogged table volume.cast as
    select n, case when is_open then 'waiting' when n % 4 = 0 then 'approved' else 'answered' end as model, started_at,
      ${INSTANT} || 'e' || lpad(to_hex(n), 7, '0') as token,
      ${personOf(`1 + (number + ${Math.ceil(people / 2)}) % ${people}`)} as asker, ${personOf(`1 + number % ${people}`)} as approver
    from (
      select n, n * ${volume.open}::bigint / ${total} > (n - 1) * ${volume.open}::bigint / ${total} as is_open,
        case when n * ${volume.open}::bigint / ${total} > (n - 1) * ${volume.open}::bigint / ${total}
          then n * ${volume.open}::bigint / ${total} else n end as number,
        date_trunc('milliseconds', now() - ${OVER} * (1 - n::float8 / ${total + 1})) as started_at
      from generate_series(1, ${total}) n
    ) numbered cross join lateral (select (extract(epoch from started_at) * 1000)::bigint as milliseconds) made
    order by n;
    alter table volume.cast add primary key (n);
    analyze volume.cast`;
}

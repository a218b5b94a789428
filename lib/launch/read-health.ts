import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";
import { connect } from "../../db/client";
import packageJson from "../../package.json" with { type: "json" };

/** How Baton is, for admins: `ok` is false when work does not go on. The texts are for people and hold no secret. */
export type Health = {
  readonly ok: boolean;
  readonly version: string;
  readonly database: string;
  /** Whether the database has this version's shape. */
  readonly migrations: string;
  readonly worker: string;
  /** "ok", what the mail server answered, or that there is none; a failing mail server alone stops no work but its mails. */
  readonly mail: string;
  /** Age of the oldest job or mail that is due and not yet taken; null when it cannot be known. */
  readonly oldestDueSeconds: number | null;
  /** How long the instant that a flow or a condition waits for is past, of the one that waits longest; null as above. */
  readonly timerLateSeconds: number | null;
};

/** A worker beats every 5 s. */
const BEAT_WITHIN_SECONDS = 20;
/** What is due is taken within seconds; what waits longer than this waits for a worker that does not get to it. */
const DUE_WITHIN_SECONDS = 120;
const ANSWER_WITHIN_MS = 2_000;

/** SHA-256, in hex, of the newest migration of this program: what the migrator notes of each that it applied. */
let newest: string | undefined;
function newestMigration(): string {
  const folder = join(process.cwd(), "db", "migrations");
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  newest ??= createHash("sha256")
    .update(readFileSync(join(folder, files.sort().at(-1) ?? ""), "utf8"))
    .digest("hex");
  return newest;
}

type Row = {
  beatAge: number | null;
  mailOk: boolean | null;
  mailError: string | null;
  oldestDue: number | null;
  timerLate: number | null;
  isMigrated: boolean;
};

const shared = globalThis as { batonHealthClient?: postgres.Sql };

/** A connection of its own, so that health can be asked when all others are in use. */
function client(): postgres.Sql {
  shared.batonHealthClient ??= connect(1, {
    connect_timeout: 2,
    connection: { application_name: "baton health", statement_timeout: ANSWER_WITHIN_MS },
  });
  return shared.batonHealthClient;
}

async function ask(): Promise<Row | undefined> {
  const [row] = await client()<Row[]>`
    select beat.age as "beatAge", beat.mail_ok as "mailOk", beat.mail_error as "mailError",
      greatest(0, extract(epoch from clock_timestamp() - least(
        (select min(run_at) from job where status = 'queued'),
        (select min(next_attempt_at) from outbox where status = 'queued'))))::float8 as "oldestDue",
      greatest(0, extract(epoch from clock_timestamp() - (select min(due_at) from wait where resolved_at is null and due_at is not null)))::float8 as "timerLate",
      exists (select 1 from drizzle.__drizzle_migrations where hash = ${newestMigration()}) as "isMigrated"
    from (select 1) one left join lateral (
      select extract(epoch from clock_timestamp() - beat_at)::float8 as age, mail_ok, mail_error from worker_beat order by beat_at desc limit 1
    ) beat on true`;
  return row;
}

function workerText(age: number | null | undefined): string {
  if (age === null || age === undefined) return "no worker has started";
  return age <= BEAT_WITHIN_SECONDS ? "ok" : `no worker has been heard of for ${Math.round(age)} seconds`;
}

function mailText({ mailOk, mailError }: Row): string {
  if (mailOk === null) return mailError ?? "not asked yet";
  return mailOk ? "ok" : `the mail server does not take mails: ${mailError ?? "no reason given"}`;
}

const migrationText = ({ isMigrated }: Row): string =>
  isMigrated ? "ok" : "the database has not this version's shape; start Baton again";

const down = (version: string, unknown = "not known without the database"): Health => ({
  ok: false,
  version,
  database: "the database does not answer",
  migrations: unknown,
  worker: unknown,
  mail: unknown,
  oldestDueSeconds: null,
  timerLateSeconds: null,
});

/** Never throws, and answers within a few seconds whatever is down. */
export async function readHealth(): Promise<Health> {
  const { version } = packageJson;
  const row = await ask().catch(() => undefined);
  if (!row) return down(version);
  const worker = workerText(row.beatAge);
  const migrations = migrationText(row);
  return {
    ok: worker === "ok" && migrations === "ok" && row.mailOk !== false && (row.oldestDue ?? 0) <= DUE_WITHIN_SECONDS,
    version,
    database: "ok",
    migrations,
    worker,
    mail: worker === "ok" ? mailText(row) : "not known without a worker",
    oldestDueSeconds: Math.round(row.oldestDue ?? 0),
    timerLateSeconds: Math.round(row.timerLate ?? 0),
  };
}

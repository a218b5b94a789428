import { sleep } from "../../../clock";
import { DISK_FULL } from "./disk-full";
import { type Mode, type Stage, someOf, untilReclaimed } from "./mode";
import { WEB_KILLED } from "./web-killed";

/** Milliseconds that a worker stands still: past its lease of 15 s, and until another one must have its jobs. */
const FROZEN_MS = 20_000;
const HOUR_MS = 3_600_000;
const WRONG_BY_MS = [2 * HOUR_MS, -24 * HOUR_MS, 0, -90_000, 30 * 24 * HOUR_MS];

const reclaims = new WeakMap<Stage["crew"], Promise<number>[]>();

/** Watches, from this moment on, how long what the broken worker held lies; the mode's report has the longest. */
function watchReclaim({ crew, client }: Stage): void {
  const watched = reclaims.get(crew) ?? [];
  watched.push(untilReclaimed(client).catch(() => Number.POSITIVE_INFINITY));
  reclaims.set(crew, watched);
}

const longestReclaim = async ({ crew }: Stage): Promise<{ figures: Record<string, number>; wrong: string[] }> => {
  const seconds = Math.max(0, ...(await Promise.all(reclaims.get(crew) ?? [])));
  return {
    figures: { reclaimed_s: Number(seconds.toFixed(1)), late_writes_refused: crew.lateWrites() },
    wrong: seconds < RECLAIMED_WITHIN_S ? [] : [`what a dead worker held lay for ${seconds.toFixed(1)} s`],
  };
};
const RECLAIMED_WITHIN_S = 20;

export const MODES: readonly Mode[] = [
  {
    name: "worker killed",
    staff: { workers: 3, clerks: 2 },
    pauseMs: 500,
    leastASecond: 0.5,
    async inject(stage) {
      const alive = someOf(stage.crew.members, "worker");
      if (alive.length === 0) return 0;
      watchReclaim(stage);
      return Number(stage.random.pick(alive).signal("SIGKILL"));
    },
    after: longestReclaim,
  },
  {
    name: "command process killed",
    staff: { workers: 2, clerks: 3 },
    pauseMs: 400,
    leastASecond: 0.5,
    async inject({ crew, random }) {
      const alive = someOf(crew.members, "clerk");
      return alive.length === 0 ? 0 : Number(random.pick(alive).signal("SIGKILL"));
    },
  },
  WEB_KILLED,
  {
    name: "worker frozen past its lease",
    staff: { workers: 4, clerks: 2 },
    leastSeconds: 2 * (FROZEN_MS / 1_000 + 3),
    pauseMs: 3_000,
    leastASecond: 0.05,
    async inject(stage) {
      const [awake, ...others] = someOf(stage.crew.members, "worker");
      if (!awake) return 0;
      watchReclaim(stage);
      const frozen = others.filter((member) => member.signal("SIGSTOP"));
      await sleep(FROZEN_MS);
      for (const member of frozen) member.signal("SIGCONT");
      return frozen.length;
    },
    async heal({ crew }) {
      for (const member of someOf(crew.members, "worker")) member.signal("SIGCONT");
    },
    after: longestReclaim,
  },
  {
    name: "PostgreSQL crashes",
    staff: { workers: 2, clerks: 2 },
    leastSeconds: 15,
    pauseMs: 2_500,
    leastASecond: 0.1,
    async inject({ crashServer }) {
      await crashServer();
      return 1;
    },
  },
  {
    name: "connection terminated",
    staff: { workers: 2, clerks: 2 },
    pauseMs: 60,
    leastASecond: 3,
    async inject({ client, random, database }) {
      const backends = await client<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = ${database} and pid <> pg_backend_pid() and application_name = 'baton' order by pid`;
      if (backends.length === 0) return 0;
      const [ended] = await client<{ ended: boolean }[]>`
        select pg_terminate_backend(${random.pick(backends).pid}) as ended`;
      return Number(ended?.ended ?? false);
    },
  },
  DISK_FULL,
  {
    name: "clock of the processes jumps",
    staff: { workers: 2, clerks: 2, hasWrongClock: true },
    pauseMs: 250,
    leastASecond: 2,
    async inject({ crew, random }) {
      const alive = crew.members.filter((member) => member.isAlive());
      if (alive.length === 0) return 0;
      random.pick(alive).setClock(random.pick(WRONG_BY_MS));
      return 1;
    },
    async after({ client }) {
      // Whatever the processes thought, what is stored was stamped by the database, minutes ago.
      const wrong = await client<{ what: string }[]>`
        select 'history ' || run_id || ' ' || seq as what from history where at not between now() - interval '1 hour' and now()
        union all select 'job ' || job_id from job where created_at not between now() - interval '1 hour' and now()
        union all select 'mail ' || message_id from outbox where created_at not between now() - interval '1 hour' and now()`;
      return { figures: {}, wrong: wrong.map(({ what }) => `stamped by a wrong clock: ${what}`) };
    },
  },
  {
    name: "mail server refuses, greylists, drops after DATA",
    staff: { workers: 2, clerks: 2 },
    hasMail: true,
    // One person gets no more than 100 mails an hour.
    mostRuns: 80,
    pauseMs: 400,
    leastASecond: 1,
    async inject({ mail, random, client }) {
      mail.behave(random.pick(["refuse", "greylist", "drop", "take"]));
      const before = mail.faults();
      await hurryMails(client);
      await sleep(600);
      return mail.faults() - before;
    },
    async heal({ mail }) {
      mail.behave("take");
    },
    after: mailsArrived,
  },
];

/** As if the minutes had passed that a mail waits for its next try, and the worker's own pause. */
async function hurryMails(client: Stage["client"]): Promise<void> {
  await client`update outbox set next_attempt_at = clock_timestamp() where status = 'queued' and next_attempt_at > clock_timestamp() and lease_until is null`;
  await client`select pg_notify('baton_mail', '')`;
}

const MAILS_WITHIN_MS = 60_000;

async function mailsArrived({ client, mail }: Stage): Promise<{ figures: Record<string, number>; wrong: string[] }> {
  for (let waited = 0; waited < MAILS_WITHIN_MS; waited += 250) {
    await hurryMails(client);
    const queued = await client`select 1 from outbox where status = 'queued' limit 1`;
    if (queued.length === 0) break;
    await sleep(250);
  }
  const rows = await client<{ id: string; status: string; error: string | null }[]>`
    select message_id as id, status, last_error || ' (try ' || attempts || ')' as error from outbox`;
  const wrong = rows.flatMap(({ id, status, error }) => {
    const { taken, dropped } = mail.about(id);
    if (status === "sent" && taken - dropped > 1)
      return [`${id} was sent ${taken} times, ${dropped} of them unanswered`];
    if (status === "sent" && taken === 0) return [`${id} counts as sent and never came`];
    return ["sent", "withdrawn"].includes(status) ? [] : [`${id} is ${status}: ${error}`];
  });
  return { figures: { mails: rows.length, repeated: mail.repeated() }, wrong };
}

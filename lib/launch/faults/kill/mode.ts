import { sleep } from "../../../clock";
import type { Person } from "../../../people/current-person";
import type { Client } from "../databases";
import type { Random } from "../random";
import type { Crew, Member, Staff } from "./crew";
import type { Ledger } from "./load";
import type { MailTarget } from "./mail-target";

/** What a mode is given to break: its crew, its database, and the server below it. */
export type Stage = {
  readonly crew: Crew;
  /** On the mode's database. */
  readonly client: Client;
  readonly database: string;
  readonly person: Person;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Ends PostgreSQL as a crash would, and starts it again. */
  readonly crashServer: () => Promise<void>;
  readonly mail: MailTarget;
  /** Of the disk that the mode's database is on, where it has one of its own. */
  readonly disk: string | null;
};

export type Mode = {
  readonly name: string;
  readonly staff: Pick<Staff, "workers" | "clerks" | "hasWrongClock">;
  /** Commands are given to the portal, over HTTP. */
  readonly hasWeb?: boolean;
  readonly hasOwnDisk?: boolean;
  readonly hasMail?: boolean;
  /** Runs begun at most. */
  readonly mostRuns?: number;
  /** Least number of seconds that it makes sense for. */
  readonly leastSeconds?: number;
  /** One fault; answers with how many that were. Called again and again, with pauses. */
  readonly inject: (stage: Stage) => Promise<number>;
  readonly pauseMs: number;
  /** Takes away what `inject` may have left. */
  readonly heal?: (stage: Stage) => Promise<void>;
  /** Fewer faults a second than that, and the run proves nothing. */
  readonly leastASecond: number;
  /** What this mode alone can say when all is over: further figures, and what is wrong. */
  readonly after?: (stage: Stage) => Promise<{ figures: Record<string, number>; wrong: string[] }>;
};

export const someOf = (members: readonly Member[], job: Member["job"]): Member[] =>
  members.filter((member) => member.job === job && member.isAlive());

const RECLAIMED_BOUND_MS = 40_000;

/** Seconds until every job that is being done now has ended, or is somebody else's. */
export async function untilReclaimed(client: Client): Promise<number> {
  const began = performance.now();
  const held = await client<{ id: string; fence: string }[]>`
    select job_id as id, fence::text as fence from job where status = 'running'`;
  const ids = held.map(({ id }) => id);
  while (performance.now() - began < RECLAIMED_BOUND_MS) {
    const still = await client<{ id: string; fence: string }[]>`
      select job_id as id, fence::text as fence from job where status = 'running' and job_id in ${client(ids.length > 0 ? ids : [""])}`;
    if (!still.some(({ id, fence }) => held.some((one) => one.id === id && one.fence === fence))) break;
    await sleep(100);
  }
  return (performance.now() - began) / 1_000;
}

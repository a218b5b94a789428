import { type FileHandle, open } from "node:fs/promises";
import { databaseNow, type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";
import { log } from "../log";
import { type Head, readLine, type Scan, SECURITY, type SealLine, signLine } from "./seal-line";

const HEADS_A_LINE = 500;
/** In one go, so that it stays far from a transaction's deadline; the next go carries on. */
const LINES_AT_ONCE = 20;
export const HEADS_AT_ONCE = HEADS_A_LINE * LINES_AT_ONCE;
/** Longer than a transaction may take: no row older than this is still to come. */
const SETTLED_SECONDS = 20;
/** More than one line may have. */
const TAIL_BYTES = 1_048_576;
const EPOCH = "1970-01-01T00:00:00.000Z";
const FRESH: Scan = { since: EPOCH, until: EPOCH, after: null };

/** `ended`: histories of runs that ended; `moved`: every history that grew, and the security events. */
export type Look = "ended" | "moved";

/**
 * Signs the ends of the hash chains and adds them to the seals' file and the log, outside the database and with a key that is not in it: so a
 * history that was rewritten from its first event on, consistently, or whose tail was cut off, is found by `npm run audit` (S80). Says how
 * many heads it sealed; 0 as well while another worker of this folder is at it. Each look takes up where its last one ended, which the file's
 * own last line says, because the database's word is what is to be checked.
 */
export async function sealHeads(file: string, look: Look, settledSeconds = SETTLED_SECONDS): Promise<number> {
  return transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const [lock] = await tx.sql<
      { held: boolean }[]
    >`select pg_try_advisory_xact_lock(hashtextextended(${`baton seals ${file}`}, 0)) as held`;
    if (!lock?.held) return 0;
    const handle = await open(file, "a+", 0o600);
    try {
      return await sealInto(tx, handle, { look, settledSeconds });
    } finally {
      await handle.close();
    }
  });
}

async function sealInto(
  tx: Tx,
  handle: FileHandle,
  { look, settledSeconds }: { look: Look; settledSeconds: number },
): Promise<number> {
  const lines = await tail(handle);
  let prev = lines.at(-1)?.mac ?? "";
  const { database, at, until } = await clock(tx, settledSeconds);
  let last = lines.findLast((line) => line.database === database) ?? null;
  let sealed = 0;
  for (let line = 0; line < LINES_AT_ONCE; line++) {
    const before = last?.[look] ?? FRESH;
    const scan = before.after === null ? { since: before.until, until, after: null } : before;
    const runs = await headsIn(tx, scan, look);
    const security = look === "moved" && scan.after === null ? await securityHead(tx, last) : [];
    const heads = [...runs, ...security];
    if (heads.length === 0 && scan.after === null) break;
    const isFull = runs.length === HEADS_A_LINE;
    const others = { ended: last?.ended ?? FRESH, moved: last?.moved ?? FRESH };
    const now = { ...scan, after: isFull ? (runs.at(-1)?.[0] ?? null) : null };
    last = signLine({ at, database, heads, ...others, [look]: now, prev });
    prev = last.mac;
    await handle.appendFile(`${JSON.stringify(last)}\n`);
    log().info({ seal: last }, "sealed");
    sealed += heads.length;
    if (!isFull) break;
  }
  if (sealed > 0) await handle.sync();
  return sealed;
}

async function clock(tx: Tx, settledSeconds: number): Promise<{ database: string; at: string; until: string }> {
  const at = await databaseNow(tx);
  const [row] = await tx.sql<{ database: string }[]>`select current_database() as database`;
  const until = new Date(at.getTime() - settledSeconds * 1_000);
  return { database: row?.database ?? "", at: at.toISOString(), until: until.toISOString() };
}

/** The last event of each history that grew in that span, by run. */
async function headsIn(tx: Tx, { since, until, after }: Scan, look: Look): Promise<Head[]> {
  const rows = await tx.sql<{ run_id: string; seq: string; hash: string }[]>`
    select distinct on (h.run_id) h.run_id, h.seq, h.hash from history h
    where h.at > ${since}::timestamptz and h.at <= ${until}::timestamptz and h.run_id > ${after ?? ""}
      and (${look} = 'moved' or exists (select 1 from run r where r.run_id = h.run_id and r.ended_at is not null))
    order by h.run_id, h.seq desc limit ${HEADS_A_LINE}`;
  return rows.map(({ run_id, seq, hash }) => [run_id, Number(seq), hash]);
}

/** Nothing where the line before says the same already. */
async function securityHead(tx: Tx, last: SealLine | null): Promise<Head[]> {
  const [row] = await tx.sql<{ seq: string; hash: string }[]>`
    select seq, hash from security_event where seq is not null order by seq desc limit 1`;
  const isKnown = last?.heads.some(([id, , hash]) => id === SECURITY && hash === row?.hash);
  return row && !isKnown ? [[SECURITY, Number(row.seq), row.hash]] : [];
}

/** The file's last whole lines. What a crash left of a line behind them is taken away: nothing was sealed by it. */
async function tail(handle: FileHandle): Promise<SealLine[]> {
  const { size } = await handle.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  const whole = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
  if (start + whole < size) await handle.truncate(start + whole);
  const lines = buffer.subarray(0, whole).toString("utf8").split("\n");
  return lines.flatMap((line) => readLine(line) ?? []);
}

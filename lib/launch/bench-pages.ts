import { readFileSync } from "node:fs";
import { env } from "../env";
import { newId } from "../ids";
import { type Approver, approversOf } from "./bench-approvers";
import { median } from "./bench-grown";
import { GROWN, type Kept, onServer } from "./bench-kept";
import { buildPortal, isPortalBuilt } from "./build.mjs";
import { keepGoing } from "./children";
import { urlOn } from "./faults/ground";
import { complain, say, step } from "./progress.mjs";
import { untilWebAnswers, webServer } from "./web-server";

const CLIENTS = 4;
const ROUNDS = 5;
/** Requests of each client in each round. */
const EACH = 8;
const WARM_UP = 3;
/** Requests whose queries are counted. */
const COUNTED = 5;
const WANTED = { ratio: 4, queries: 10 };

/**
 * A page of Mantine with nothing of ours on it: what the portal answers for an address that it does not know. It stands in the same frame
 * as every page (fonts, theme, providers), asks the database nothing, and holds one sentence and a button.
 */
const EMPTY_PAGE = "/nowhere";

/** One request, as a client makes it; answers how many milliseconds it took. */
type Ask = (approver: Approver) => Promise<number>;

/**
 * Opening a decision page and deciding, through the built portal, among a hundred thousand open items: how long either takes four clients
 * beside an empty page of the same build, the median of five rounds in turn, and how many queries each sends. No worker is beside it.
 */
export async function benchPages({ settings, log }: Kept): Promise<void> {
  if (!isPortalBuilt()) await step("Building the portal (only when its sources changed)", buildPortal);
  const approvers = await approversOf(GROWN, { clients: CLIENTS, items: WARM_UP + COUNTED + ROUNDS * EACH });
  const databaseUrl = urlOn(env().DATABASE_URL ?? "", GROWN);
  const web = keepGoing(webServer(settings.env, { databaseUrl, isDev: false }), complain);
  try {
    await untilWebAnswers(settings.env);
    const asks = asksOn(settings.address);
    for (const ask of Object.values(asks)) await inTurn(approvers, { times: WARM_UP, ask });
    const times = await timesOf(asks, approvers);
    for (const name of ["page", "decide"] as const) {
      const queries = await queriesOf(log, () => inTurn(approvers.slice(0, 1), { times: COUNTED, ask: asks[name] }));
      print(`approvals-${name}`, { ...times, own: times[name], queries });
    }
  } finally {
    await web.stop();
  }
}

function print(workload: string, found: { own: number; empty: number; queries: number }): void {
  const ratio = Number((found.own / found.empty).toFixed(2));
  const figures = { ms: found.own, empty_page_ms: found.empty, ratio, wanted: WANTED.ratio };
  const reached = ratio <= WANTED.ratio && found.queries <= WANTED.queries;
  const queries = { queries: found.queries, wanted_queries: WANTED.queries };
  say(JSON.stringify({ system: "project", workload, clients: CLIENTS, ...figures, ...queries, reached }));
}

type Asks = Readonly<Record<"empty" | "page" | "decide", Ask>>;

async function timesOf(asks: Asks, approvers: readonly Approver[]): Promise<Record<keyof Asks, number>> {
  const took: Record<keyof Asks, number[]> = { empty: [], page: [], decide: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const name of ["empty", "page", "decide"] as const)
      took[name].push(median(await inTurn(approvers, { times: EACH, ask: asks[name] })));
  const middle = (name: keyof Asks) => Number(median(took[name]).toFixed(1));
  return { empty: middle("empty"), page: middle("page"), decide: middle("decide") };
}

/** Each client one request after another, all clients at once. */
async function inTurn(
  approvers: readonly Approver[],
  { times, ask }: { readonly times: number; readonly ask: Ask },
): Promise<number[]> {
  const lanes = approvers.map(async (approver) => {
    const took: number[] = [];
    for (let time = 0; time < times; time++) took.push(await ask(approver));
    return took;
  });
  return (await Promise.all(lanes)).flat();
}

function asksOn(address: string): Asks {
  const action = actionOf("lib/approvals/actions.ts", "decide");
  const timed = async (path: string, init: RequestInit, isFine: (status: number, body: string) => boolean) => {
    const began = performance.now();
    const answer = await fetch(`${address}${path}`, { redirect: "manual", ...init });
    const body = await answer.text();
    const took = performance.now() - began;
    if (!isFine(answer.status, body)) throw new Error(`${path} answered ${answer.status}: ${body.slice(0, 500)}`);
    return took;
  };
  return {
    empty: ({ cookie }) => timed(EMPTY_PAGE, { headers: { cookie } }, (status) => status === 404),
    page: ({ cookie, items }) => {
      const path = `/approvals?item=${items[0]?.workItemId}`;
      return timed(
        path,
        { headers: { cookie } },
        (status, body) => status === 200 && body.includes("Sign off the purchase"),
      );
    },
    decide: ({ cookie, items }) => {
      const input = { ...items.shift(), decision: "approve", comments: "Fine.", key: newId("command") };
      const headers = { cookie, origin: address, "next-action": action.id, "content-type": "text/plain;charset=UTF-8" };
      const init = { method: "POST", headers, body: JSON.stringify([input]) };
      return timed(action.path, init, (status, body) => status === 200 && body.includes('"ok":true'));
    },
  };
}

type Manifest = {
  readonly node: Readonly<Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }>>;
};

/** The id that the build gave an action, and the address of a page that has it. */
function actionOf(filename: string, name: string): { readonly id: string; readonly path: string } {
  const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as Manifest;
  const found = Object.entries(manifest.node).find(
    ([, action]) => action.filename === filename && action.exportedName === name,
  );
  const page = Object.keys(found?.[1].workers ?? {}).find((worker) => !worker.includes("["));
  if (!found || !page) throw new Error(`the build has no action ${name}`);
  return { id: found[0], path: page.replace(/^app|\/\([a-z]+\)|\/page$/g, "") };
}

/**
 * Statements that the server was sent meanwhile, each time, as it writes them down: but for what begins and ends transactions, and the
 * word to open pages, which is sent when the answer is on its way.
 */
async function queriesOf(log: string, work: () => Promise<unknown>): Promise<number> {
  await writesStatements("all");
  const before = readFileSync(log, "utf8").length;
  await work();
  const written = readFileSync(log, "utf8").slice(before);
  await writesStatements("none");
  const statements = written.match(/LOG: {2}(execute|statement)[^\n]*/g) ?? [];
  const queries = statements.filter(
    (line) =>
      !/:\s+(begin|commit|alter system|select pg_reload_conf|select set_config\('synchronous_commit', 'off', true\), pg_notify)/i.test(
        line,
      ),
  );
  return Math.round((queries.length / COUNTED) * 10) / 10;
}

const RELOADED_MS = 300;

const writesStatements = (which: "all" | "none"): Promise<void> =>
  onServer(async (client) => {
    await client.unsafe(`alter system set log_statement = '${which}'`);
    await client`select pg_reload_conf()`;
    await new Promise((resolve) => setTimeout(resolve, RELOADED_MS));
  });

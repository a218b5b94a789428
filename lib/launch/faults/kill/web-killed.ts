import { sleep } from "../../../clock";
import { type Mode, type Stage, someOf } from "./mode";

/** How long it took after each kill until something was acknowledged again, in seconds. */
const pauses = new WeakMap<Stage["crew"], number[]>();

const MOST_PAUSE_MS = 1_500;
/** What was said before the kill has been read by then. */
const READ_WITHIN_MS = 100;
const ANSWERS_WITHIN_MS = 30_000;

/** Seconds until the portal, started again, has acknowledged something. */
async function untilAcknowledged({ ledger }: Stage, killedAt: number): Promise<number> {
  await sleep(READ_WITHIN_MS);
  const { acknowledged } = ledger;
  while (ledger.acknowledged === acknowledged && performance.now() - killedAt < ANSWERS_WITHIN_MS) await sleep(20);
  return (performance.now() - killedAt) / 1_000;
}

const RECOVERED_WITHIN_S = 20;

/** The portal, killed at any moment of its work; it is started again at once, and killed again when it has worked for a while. */
export const WEB_KILLED: Mode = {
  name: "web server killed",
  staff: { workers: 2, clerks: 1 },
  hasWeb: true,
  leastSeconds: 30,
  pauseMs: 100,
  leastASecond: 0.1,
  async inject(stage) {
    await sleep(stage.random.below(MOST_PAUSE_MS));
    const [web] = someOf(stage.crew.members, "web");
    const killedAt = performance.now();
    if (!web?.signal("SIGKILL")) return 0;
    pauses.set(stage.crew, [...(pauses.get(stage.crew) ?? []), await untilAcknowledged(stage, killedAt)]);
    return 1;
  },
  async after({ crew }) {
    const longest = Math.max(0, ...(pauses.get(crew) ?? []));
    return {
      figures: { answered_again_s: Number(longest.toFixed(1)) },
      wrong: longest < RECOVERED_WITHIN_S ? [] : [`nothing was acknowledged for ${longest.toFixed(1)} s after a kill`],
    };
  },
};

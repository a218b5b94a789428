import { newId } from "../ids";
import { cancelRun, controlRun, goToStage, retryRun } from "../runs/commands";
import { claimItem, releaseItem } from "../work/commands/claim-item";
import { reassignItems } from "../work/reassign-items";
import { aCase, by, type Case, type Cast, guided, type Prepare, REASON, startAbout } from "./bench-cast";
import { complete, openScreen } from "./bench-runs";

/** What people do with runs and their work, and that runs no flow. */
export function runActs(cast: Cast) {
  const { boss, others } = cast;
  const control = ({ runId }: Case, type: "suspend" | "resume") =>
    by(boss, (tx) => controlRun(tx, boss, { runId, command: { type, reason: REASON } }));
  const fail = ({ runId, stepRunId }: Case) =>
    by(boss, (tx) => controlRun(tx, boss, { runId, command: { type: "fail-step", stepRunId, reason: REASON } }));
  const skip = ({ runId, stepRunId }: Case) => {
    const command = { type: "skip-step", stepRunId, reason: REASON, outputs: null } as const;
    return by(boss, (tx) => controlRun(tx, boss, { runId, command }));
  };
  const claim = ({ item }: Case) => by(boss, (tx) => claimItem(tx, boss, { workItemId: item, takeOver: false }));
  const giveAway = (workItemIds: readonly string[]) => {
    const to = { type: "group", id: others } as const;
    return reassignItems(boss, { workItemIds, to, reason: REASON, key: newId("command") });
  };
  const on =
    (act: (one: Case) => Promise<unknown>, first?: (one: Case) => Promise<unknown>): Prepare =>
    async () => {
      const one = await guided(cast);
      await first?.(one);
      return () => act(one);
    };
  return {
    start: async () => {
      const recordId = await aCase(boss);
      return () => startAbout(boss, recordId);
    },
    complete: async () => {
      const { item } = await guided(cast);
      const screen = await openScreen(boss, item);
      return () => complete(boss, screen);
    },
    claim: on(claim),
    release: on(({ item }) => by(boss, (tx) => releaseItem(tx, boss, { workItemId: item })), claim),
    reassign: on(({ item }) => giveAway([item])),
    cancel: on(({ runId }) => by(boss, (tx) => cancelRun(tx, boss, { runId, reason: REASON }))),
    suspend: on((one) => control(one, "suspend")),
    resume: on(
      (one) => control(one, "resume"),
      (one) => control(one, "suspend"),
    ),
    fail: on(fail),
    skip: on(skip),
    "go-to-stage": on(({ runId }) => by(boss, (tx) => goToStage(tx, boss, { runId, stage: "Second", reason: REASON }))),
    retry: on(({ runId }) => by(boss, (tx) => retryRun(tx, boss, { runId, reason: REASON })), fail),
  } as const satisfies { readonly [command: string]: Prepare };
}

import type { Person } from "../../people/current-person";
import { claimItem, releaseItem } from "../../work/commands/claim-item";
import { completeItem } from "../../work/commands/complete-item";
import { deactivateAndHandOver } from "../../work/commands/hand-over";
import { reassignItem } from "../../work/commands/reassign-item";
import { itemOf, type OnItem, type Scenario, scenario, started, working } from "./scenario";
import { commanded, must } from "./world";

/** What people do to work items. */
const finish = ({ person, workItemId }: OnItem, key: string) =>
  commanded(person, key, (tx) => completeItem(tx, person, { workItemId, outputs: { comment: "done" } }));

const claim = ({ person, workItemId }: OnItem, key: string) =>
  commanded(person, key, (tx) => claimItem(tx, person, { workItemId, takeOver: false }));

const inTeam = { definition: "Two_Stages", step: "Also" };

export const WORK: readonly Scenario[] = [
  scenario<OnItem>({
    name: "complete, others are open",
    prepare: (cast) => working(cast, { definition: "Two_Stages", step: "Fill" }, cast.ann),
    act: finish,
  }),
  scenario<OnItem>({
    name: "complete, the last of its stage",
    async prepare(cast) {
      const first = await working(cast, { definition: "Two_Stages", step: "Fill" }, cast.ann);
      await must(cast.ann, (tx) => completeItem(tx, cast.ann, { workItemId: first.workItemId, outputs: {} }));
      return { ...first, person: cast.gus, workItemId: await itemOf(first.runId, "Also") };
    },
    act: finish,
  }),
  scenario<OnItem>({
    name: "complete, with a synchronous flow behind it",
    prepare: (cast) => working(cast, { definition: "With_Flow", step: "Fill" }, cast.ann),
    act: finish,
  }),
  scenario<OnItem>({ name: "claim", prepare: (cast) => working(cast, inTeam, cast.gus), act: claim }),
  scenario<OnItem>({
    name: "release",
    async prepare(cast) {
      const item = await working(cast, inTeam, cast.gus);
      await must(cast.gus, (tx) => claimItem(tx, cast.gus, { workItemId: item.workItemId, takeOver: false }));
      return item;
    },
    act: ({ person, workItemId }, key) => commanded(person, key, (tx) => releaseItem(tx, person, { workItemId })),
  }),
  scenario<OnItem & { readonly to: string }>({
    name: "reassign",
    async prepare(cast) {
      return { ...(await working(cast, inTeam, cast.bea)), to: cast.hal.userId };
    },
    act: ({ person, workItemId, to }, key) =>
      commanded(person, key, (tx) =>
        reassignItem(tx, person, { workItemId, to: { type: "user", id: to }, reason: "hal knows" }),
      ),
  }),
  scenario<{ readonly admin: Person; readonly userId: string }>({
    name: "deactivate a person, with hand-over",
    async prepare({ ada, ann, gus }) {
      const runId = await started(ann, "Two_Stages");
      const workItemId = await itemOf(runId, "Also");
      await must(ada, (tx) =>
        reassignItem(tx, ada, { workItemId, to: { type: "user", id: ann.userId }, reason: "hers" }),
      );
      const other = await itemOf(await started(ann, "Two_Stages"), "Also");
      await must(gus, (tx) => claimItem(tx, gus, { workItemId: other, takeOver: false }));
      return { admin: ada, userId: ann.userId };
    },
    act: ({ admin, userId }, key) => commanded(admin, key, (tx) => deactivateAndHandOver(tx, admin, { userId })),
  }),
];

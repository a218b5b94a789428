import { activate } from "../../definitions/commands/activate";
import { type SavedDraft, saveDraft as saveDefinition } from "../../definitions/commands/save-draft";
import { saveDraft } from "../../interviews/commands/save-draft";
import type { ScreenView } from "../../interviews/schema";
import type { Person } from "../../people/current-person";
import { openScreens } from "../../work/open-screens";
import { sendScreen } from "../../work/send-screen";
import { NEXT_VERSION } from "./definitions";
import { type OnItem, type Scenario, scenario, working } from "./scenario";
import { type Cast, commanded, must } from "./world";

/** What people do in forms: the screens of their work, and the builder. */
type OnScreen = { readonly person: Person; readonly view: ScreenView };

async function onScreen(cast: Cast): Promise<OnScreen> {
  const { person, workItemId } = await working(cast, { definition: "Screens", step: "Fill" }, cast.ann);
  const shown = await must(person, (tx) => openScreens(tx, person, { workItemId }));
  if (shown.type !== "screen") throw new Error("no screen");
  return { person, view: shown };
}

const send = ({ person, view }: OnScreen, key: string) =>
  sendScreen(person, {
    interviewId: view.interviewId,
    screen: view.screen.name,
    values: { [view.screen.name === "One" ? "first" : "comment"]: "typed" },
    direction: "next",
    key,
  });

export const FORMS: readonly Scenario[] = [
  scenario<OnItem>({
    name: "open a screen",
    prepare: (cast) => working(cast, { definition: "Screens", step: "Fill" }, cast.ann),
    act: ({ person, workItemId }, key) => commanded(person, key, (tx) => openScreens(tx, person, { workItemId })),
  }),
  scenario<OnScreen>({
    name: "save a draft",
    prepare: onScreen,
    act: ({ person, view }, key) =>
      commanded(person, key, (tx) =>
        saveDraft(tx, person, {
          interviewId: view.interviewId,
          screen: view.screen.name,
          values: { first: "half" },
          draftVersion: view.draftVersion,
        }),
      ),
  }),
  scenario<OnScreen>({ name: "submit a screen", prepare: onScreen, act: send }),
  scenario<OnScreen>({
    name: "submit the last screen",
    async prepare(cast) {
      const first = await onScreen(cast);
      const sent = await send(first, "the first screen");
      if (!sent.ok || sent.value.type !== "screen") throw new Error("no second screen");
      return { ...first, view: sent.value };
    },
    act: send,
  }),
  scenario<{ readonly person: Person; readonly draft: SavedDraft }>({
    name: "activate a definition",
    prepare: async ({ ada }) => ({
      person: ada,
      draft: await must(ada, (tx) => saveDefinition(tx, ada, { body: NEXT_VERSION })),
    }),
    act: ({ person, draft }, key) => commanded(person, key, (tx) => activate(tx, person, draft)),
  }),
];

import { isDeepStrictEqual } from "node:util";
import { and, eq, isNotNull } from "drizzle-orm";
import { db } from "../../db/client";
import { interview, record } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { saveDraft } from "../../lib/interviews/commands/save-draft";
import type { AfterScreen, DraftAnswer, ScreenView } from "../../lib/interviews/schema";
import { stateOf } from "../../lib/interviews/show-screen";
import type { Result } from "../../lib/result";
import { sendScreen } from "../../lib/work/send-screen";
import { opened } from "../builders/interviews";
import { stateNow } from "../builders/runs";
import { patiently } from "../support/patiently";
import { itemKey } from "./engine";
import { Disagreement } from "./play-case";
import { lastEventOf, type RealCase } from "./real-case";
import { personNamed } from "./real-world";
import { locate } from "./reference/hold";
import type { ModelRun } from "./reference/run";
import { type Interviews, interviewOf, keepDraft, open, screenNow, send, shown } from "./reference/screens";
import type { Typing } from "./screens";
import { tellTime, type World } from "./world";

/** The screens of a case's work: the model's interviews, and the pages that each person has had open at each item, by both. */
export type Screens = {
  readonly all: Interviews;
  readonly pages: Map<string, ScreenView[]>;
  /** Ids of items by their keys. */
  readonly ids: Map<string, string>;
};
export const noScreens = (): Screens => ({ all: [], pages: new Map(), ids: new Map() });

type Playing = {
  readonly one: RealCase;
  readonly model: ModelRun;
  readonly world: World;
  readonly screens: Screens;
  readonly tally: { readonly typed: { [came: string]: number } };
};

/** What it came to: `shown`, `saved`, `conflict`, `finished`, or the code of a refusal. Throws where the model says otherwise. */
export async function typeReally(playing: Playing, typing: Typing): Promise<string> {
  const { one, model, screens, tally } = playing;
  const before = await lastEventOf(one);
  const page = typing.does === "open" ? undefined : pageFor(screens, typing);
  const said = await (page ? workAt(playing, typing, { page, before }) : openAt(playing, typing));
  const after = await lastEventOf(one);
  const kind = locate(model, typing.item)?.item.kind;
  const word = kind === "approval" ? `${kind} ${said}` : said;
  tally.typed[word] = 1 + (tally.typed[word] ?? 0);
  if (!ENDS.has(said) && after !== before) throw disagrees("what was typed moved the run", before, after);
  const sides = [seenOf(screens.all), await seenReally(one, screens)] as const;
  if (!isDeepStrictEqual(...sides)) throw disagrees(`after ${said} they see other screens`, ...sides);
  return said;
}

/** The item by its screens, from where its person has left them; whether that ended it. */
export async function finishByScreens(
  playing: Playing,
  work: Pick<Typing, "item" | "who" | "holds">,
): Promise<boolean> {
  const typing = { ...work, from: "now", isRepeated: false } as const;
  let said = await typeReally(playing, { ...typing, does: "open" });
  while (said === "shown") said = await typeReally(playing, { ...typing, does: "next" });
  return ENDS.has(said);
}
/** What the run hears of. */
export const ENDS: ReadonlySet<string> = new Set(["finished", "failed"]);

/** What everybody goes on with who has not heard that the run is over. */
export const lastWords = ({ all }: Screens): Typing[] =>
  all.flatMap(({ item, who }) =>
    (["draft", "next"] as const).map((does) => ({
      ...{ item, who, does, from: "now" as const, isRepeated: false },
      holds: LATE,
    })),
  );
const LATE = { approvalDecision: "Reject", Comments: "late" };

const disagrees = (said: string, model: unknown, engine: unknown) => new Disagreement(said, [], { model, engine });

type Page = ScreenView & { readonly whose: string };
const placeOf = ({ item, who }: Pick<Typing, "item" | "who">) => `${item} ${who}`;

/** The page that it is done from; undefined: they have none, and open it. */
function pageFor({ all, pages }: Screens, typing: Typing): Page | undefined {
  const { item, who, from } = typing;
  const other = from === "another" ? all.find((one) => one.item === item && one.who !== who)?.who : undefined;
  const whose = other ?? who;
  const had = pages.get(placeOf({ item, who: whose })) ?? [];
  const page = had.at(from === "before" ? -2 : -1) ?? had.at(-1);
  return page && { ...page, whose };
}

async function openAt({ one, model, screens }: Playing, typing: Typing): Promise<string> {
  const expected = open(model, screens.all, { ...typing, recordVersion: await recordVersionOf(one) });
  const workItemId = screens.ids.get(typing.item) ?? (await itemsOf(one, screens)).get(typing.item);
  const result = await opened(personNamed(one.real, typing.who), workItemId ?? "wi_none");
  return came(screens, typing, { expected, result });
}

async function itemsOf({ runId }: RealCase, { ids }: Screens): Promise<Screens["ids"]> {
  const state = await stateNow(runId);
  for (const item of state.items) ids.set(itemKey(state, item), item.id);
  return ids;
}

async function recordVersionOf({ recordId }: RealCase): Promise<number> {
  const [row] = await db().select({ version: record.version }).from(record).where(eq(record.recordId, recordId));
  return row?.version ?? 0;
}

type From = { readonly page: Page; readonly before: string | undefined };

async function workAt(playing: Playing, typing: Typing, { page, before }: From): Promise<string> {
  const { one, model, world, screens } = playing;
  const { interviewId, screen, whose, draftVersion } = page;
  const { item, who, does } = typing;
  const fields = new Set(["Other", ...screen.fields.map(({ name }) => name)]);
  const values = Object.fromEntries(Object.entries(typing.holds).filter(([name]) => fields.has(name)));
  const form = { item, who, whose, screen: screen.name, values };
  const asked = { interviewId, screen: screen.name, values };
  const person = personNamed(one.real, who);
  if (does === "draft" || does === "open") {
    const expected = keepDraft(screens.all, { ...form, draftVersion });
    const result = await patiently(() =>
      transaction({ commandId: newId("command"), actorId: person.userId }, (tx) =>
        saveDraft(tx, person, { ...asked, draftVersion }),
      ),
    );
    return kept(screens, typing, { expected, result, page });
  }
  // The command is stamped by the database's clock.
  tellTime(world, before, Date.now());
  const expected = send(model, screens.all, { ...form, direction: does, recordVersion: await recordVersionOf(one) });
  const given = { ...asked, direction: does, key: newId("command") };
  const ask = () => patiently(() => sendScreen(person, given));
  const result = await ask();
  if (typing.isRepeated && result.ok && !isDeepStrictEqual(await ask(), result))
    throw disagrees("sent again it is answered otherwise", null, result);
  return came(screens, typing, { expected, result });
}

type Came<T> = { readonly expected: string; readonly result: Result<T> };

/** What a page was shown, held against the model; it is the person's newest from now on. */
function came({ all, pages }: Screens, typing: Typing, { expected, result }: Came<AfterScreen>): string {
  const view = result.ok && result.value.type === "screen" ? result.value : null;
  const said = view ? "shown" : result.ok ? result.value.type : result.refusal.code;
  if (said !== expected)
    throw disagrees(`${typing.does}: the model says ${expected}, the screens ${said}`, expected, result);
  const own = interviewOf(all, typing);
  if (!view || !own) return said;
  const { values, draftVersion, screen } = view;
  const sides = [
    shown(own),
    { screen: screen.name, canGoBack: screen.canGoBack, isLast: screen.isLast, values, draftVersion },
  ] as const;
  if (!isDeepStrictEqual(...sides)) throw disagrees("they are shown another page", ...sides);
  pages.set(placeOf(typing), [...(pages.get(placeOf(typing)) ?? []), view]);
  return said;
}

/** What a draft came to; a page that is told of a newer one goes on from that. */
function kept({ all, pages }: Screens, typing: Typing, { expected, result, page }: Came<DraftAnswer> & { page: Page }) {
  const said = result.ok ? result.value.type : result.refusal.code;
  const told = result.ok && result.value.type === "conflict" ? result.value.values : null;
  const stored = interviewOf(all, typing)?.draft ?? {};
  if (said !== expected || (told && !isDeepStrictEqual(told, stored)))
    throw disagrees(`draft: the model says ${expected}, the screens ${said}`, stored, result);
  const { whose: _, ...view } = page;
  if (result.ok && typing.from === "now")
    pages.get(placeOf(typing))?.push({ ...view, draftVersion: result.value.draftVersion });
  return said;
}

const seenOf = (all: Interviews) =>
  inOrder(
    all.map((own) => {
      const { item, who, version, typed, draft, draftVersion } = own;
      return { item, who, version, typed, draft, draftVersion, at: screenNow(own)?.name ?? null };
    }),
  );

/** Of the whole run: nobody else's is touched either. */
async function seenReally({ real, runId }: RealCase, { ids }: Screens) {
  const rows = await db()
    .select()
    .from(interview)
    .where(and(eq(interview.runId, runId), isNotNull(interview.workItemId)));
  const named = new Map([...ids, ...real.ids].map(([name, id]) => [id, name]));
  return inOrder(
    rows.map(({ workItemId, userId, flowVersion: version, draft, draftVersion, ...row }) => ({
      ...{ item: named.get(workItemId ?? "") ?? "", who: named.get(userId ?? "") ?? "", version },
      ...{ typed: stateOf(row).answers, draft, draftVersion, at: stateOf(row).at },
    })),
  );
}

const inOrder = <T extends { readonly item: string; readonly who: string }>(rows: readonly T[]): T[] =>
  rows.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));

import type { Database } from "../../db/client";
import type { interview } from "../../db/schema/work";
import type { Flow, ScreenElement } from "../flow/definition";
import { elementNamed, type InterviewState, type Values } from "../flow/interview";
import { fieldNames, filledScreen, initialValues, isLastScreen, knownValues } from "../flow/screen";
import { lookupOf } from "../flow/seek";
import type { Lookup } from "../logic/references";
import { ownProperty } from "../logic/value";
import type { Person } from "../people/current-person";
import { nameChoices } from "./name-choices";
import type { ScreenView } from "./schema";
import { noteScreen } from "./work-of-screen";

export type InterviewRow = typeof interview.$inferSelect;

export const stateOf = (row: Pick<InterviewRow, "state">): InterviewState => row.state as InterviewState;

/** The screen that an interview waits at; null when it is at none. */
export function screenOf(flow: Flow, { at }: InterviewState): ScreenElement | null {
  const element = elementNamed(flow, at);
  return element?.type === "screen" ? element : null;
}

/** What the fields hold: for each the draft, else what was typed when the screen was shown before, else its default. */
function valuesOf(
  screen: ScreenElement,
  sources: { draft: Values | null; typed: Values | undefined },
  lookup: Lookup,
): Values {
  const { draft, typed } = sources;
  const source = { ...initialValues(screen, lookup), ...typed, ...draft };
  return Object.fromEntries([...fieldNames(screen)].map((name) => [name, ownProperty(source, name)]));
}

/** The screen of an open interview as the browser shows it; null when the interview is at no screen. */
export async function showScreen(
  db: Database,
  person: Person,
  { flow, row }: { flow: Flow; row: InterviewRow },
): Promise<ScreenView | null> {
  const state = stateOf(row);
  const screen = screenOf(flow, state);
  if (!screen || row.workItemId === null) return null;
  noteScreen({ ...row, userId: person.userId }, row.workItemId);
  const lookup = lookupOf(state);
  const shown = filledScreen(screen, lookup, person.timeZone);
  const values = valuesOf(screen, { draft: row.draft, typed: state.answers[screen.name] }, lookup);
  return {
    type: "screen",
    interviewId: row.interviewId,
    workItemId: row.workItemId,
    flowLabel: flow.label,
    screen: {
      name: screen.name,
      label: screen.label,
      help: shown.help,
      fields: shown.fields,
      canGoBack: screen.allowBack && state.trail.length > 0,
      isLast: isLastScreen(flow, screen),
    },
    values,
    names: await namesIn(db, person, { screen, values }),
    known: knownValues(screen, lookup),
    draftVersion: row.draftVersion,
    draftSavedAt: row.draftSavedAt?.toISOString() ?? null,
    error: row.error,
  };
}

/** Names of what lookup fields hold, as far as the person may know them: a draft holds whatever was sent. */
async function namesIn(
  db: Database,
  person: Person,
  { screen, values }: { screen: ScreenElement; values: Values },
): Promise<Record<string, string>> {
  let names: Record<string, string> = {};
  for (const field of screen.fields.filter(({ type }) => type === "lookup")) {
    const id = ownProperty(values, field.name);
    if (typeof id === "string") names = { ...names, ...(await nameChoices(db, person, { field, ids: [id] })) };
  }
  return names;
}

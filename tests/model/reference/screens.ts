import type { Values } from "../../../lib/flow/interview";
import { type ScreenOf, screensOf } from "../screens";
import { type At, actingAs, locate, notTheirWork } from "./hold";
import { obey } from "./obey";
import type { ModelRun, ModelStep } from "./run";
import { meaningOf } from "./sayings";

/**
 * What people type at the screens of their work, as they are promised it (A5, A14, F60): it is theirs alone, changes nothing of the run before the
 * last screen is sent, and stays whatever becomes of the item.
 */
export type ModelInterview = {
  readonly item: string;
  readonly step: ModelStep;
  readonly who: string;
  readonly version: number;
  /** The how manieth screen; past the last one: finished. */
  at: number;
  /** What Next took so far. */
  taken: Values;
  /** What each screen shows when it is shown again. */
  typed: { [screen: string]: Values };
  draft: Values | null;
  draftVersion: number;
  /** The version of the record that lay beside the screens when they were opened last. */
  shownOf: number;
};

/** Everybody's, in the order in which they were begun. */
export type Interviews = ModelInterview[];

type Form = At & {
  readonly whose: string;
  readonly screen: string;
  readonly values: Values;
};

/** What version of the record there is now. */
type Beside = { readonly recordVersion: number };

export const interviewOf = (all: Interviews, { item, who }: At): ModelInterview | undefined =>
  all.find((one) => one.item === item && one.who === who);

/** The screen at which an interview stands; null: it is finished. */
export const screenNow = ({ version, at }: ModelInterview) => screensOf(version)[at] ?? null;

/** Begun at the first opening and found again later, where it was left. */
export function open(run: ModelRun, all: Interviews, at: At & Beside): string {
  const code = notTheirWork(run, at);
  const found = locate(run, at.item);
  if (code !== null || !found) return code ?? "not-found";
  const known = interviewOf(all, at);
  if (known) known.shownOf = at.recordVersion;
  if (known) return "shown";
  const { step } = found;
  const { item, who, recordVersion: shownOf } = at;
  const blank = { shownOf, at: 0, taken: {}, draft: null, draftVersion: 0, version: step.flowVersion ?? 0 };
  all.push({ item, who, ...blank, step, typed: keptFrom(all, step, who) });
  return "shown";
}

/** What they typed at the attempt before comes back when a step is tried again (A5). */
function keptFrom(all: Interviews, { key, stage, definition }: ModelStep, who: string): ModelInterview["typed"] {
  const isBefore = ({ step }: ModelInterview) =>
    step.key !== key && step.stage === stage && step.definition.name === definition.name;
  const before = all.filter((one) => one.who === who && isBefore(one)).at(-1);
  if (!before) return {};
  const { typed, draft } = before;
  const screen = screenNow(before);
  return structuredClone(screen && draft ? { ...typed, [screen.name]: { ...typed[screen.name], ...draft } } : typed);
}

/** Unchecked, and theirs alone; `conflict`: it was made from an older draft than there is by now. */
export function keepDraft(all: Interviews, form: Form & { readonly draftVersion: number }): string {
  const own = form.whose === form.who ? interviewOf(all, form) : undefined;
  if (!own) return "not-found";
  const screen = screenNow(own);
  if (!screen) return "interview-finished";
  if (screen.name !== form.screen) return "screen-moved";
  if (own.draftVersion !== form.draftVersion) return own.draft && isSame(own.draft, form.values) ? "saved" : "conflict";
  own.draft = form.values;
  own.draftVersion++;
  return "saved";
}

const isSame = (one: Values, other: Values): boolean =>
  Object.keys({ ...one, ...other }).every((name) => (one[name] ?? null) === (other[name] ?? null));

type Sending = Form & Beside & { readonly direction: "next" | "back" };

/** Next and Back, and with the last Next the end of the item. Gives a refusal's code, or `finished`, `failed` or `shown`. */
export function send(run: ModelRun, all: Interviews, form: Sending): string {
  const own = form.whose === form.who ? interviewOf(all, form) : undefined;
  if (!own) return "not-found";
  const code = notTheirWork(run, form);
  if (code !== null) keepSent(own, form);
  if (code !== null) return code;
  const screen = screenNow(own);
  if (!screen) return "interview-finished";
  if (screen.name !== form.screen) return "screen-moved";
  const { field } = screen;
  const said = form.values[field.name] ?? null;
  const value = typeof said === "string" && said.trim() === "" ? null : said;
  const isWrong = Object.keys(form.values).some((name) => name !== field.name) || (field.required && value === null);
  if (form.direction === "next" && isWrong) return "invalid";
  const typed = { ...own.typed, [screen.name]: field.name in form.values ? { [field.name]: said } : {} };
  const passed = { typed, draft: null, draftVersion: own.draftVersion + 1 };
  if (form.direction === "back") {
    Object.assign(own, passed, screen.allowBack && own.at > 0 && { at: own.at - 1 });
    return "shown";
  }
  const taken = { ...own.taken, [field.name]: value };
  const ended = own.at + 1 < screensOf(own.version).length ? "shown" : end(run, { own, form, taken });
  if (ended === "facts-changed") keepSent(own, form);
  if (["shown", "finished", "failed"].includes(ended)) Object.assign(own, passed, { taken, at: own.at + 1 });
  return ended;
}

type Ending = { readonly own: ModelInterview; readonly form: Sending; readonly taken: Values };

/** The item's end, by what all screens took. Nobody decides on a record that is another than they were shown, nor without the reason that is wanted. */
function end(run: ModelRun, { own: { step, shownOf }, form, taken }: Ending): string {
  const { item: workItemId, who } = form;
  const { definition } = step;
  if (definition.kind === "approval") {
    if (form.recordVersion !== shownOf) return "facts-changed";
    const meaning = meaningOf(definition, taken.approvalDecision);
    if (!meaning && run.status === "suspended") return "unknown-outcome";
    const isWanted = meaning?.word === "Reject" && definition.rejectNeedsReason;
    if (isWanted && taken.Comments === null) return "reason-needed";
  }
  const { onBehalfOf } = actingAs(run, form);
  const actor = { type: "user", id: who, ...(onBehalfOf !== null && { onBehalfOf }) } as const;
  const code = obey(run, { type: "complete-work-item", workItemId, outputs: taken }, actor);
  return code ?? (definition.kind === "approval" && step.status === "error" ? "failed" : "finished");
}

/** What came too late is the newest that they typed at that screen (A14). */
function keepSent(own: ModelInterview, { screen: name, values }: Form): void {
  const screen = screenNow(own);
  if (screen?.name === name) own.draft = values;
  else if (screen) own.typed[name] = values;
}

/** What the page of an open interview shows: the draft, else what was typed there before. */
export function shown({ version, at, typed, draft, draftVersion }: ModelInterview) {
  const screens = screensOf(version);
  const { name, field, allowBack } = screens[at] as ScreenOf;
  const values = { [field.name]: { ...typed[name], ...draft }[field.name] ?? null };
  return { screen: name, canGoBack: allowBack && at > 0, isLast: at === screens.length - 1, values, draftVersion };
}

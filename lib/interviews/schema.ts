import { z } from "zod";
import type { Flow, ScreenField } from "../flow/definition";
import type { Values } from "../flow/interview";
import { MAX_TEXT_CHARACTERS, type Value } from "../logic/value";
import { shownAs } from "../records/schema/shown-as";

/** What a screen shows and takes, as the browser is told. Instants are ISO texts. */
export type ScreenView = {
  readonly type: "screen";
  readonly interviewId: string;
  readonly workItemId: string;
  readonly flowLabel: string;
  readonly screen: {
    readonly name: string;
    readonly label: string;
    readonly help: string;
    /** `{!references}` of display texts are filled. */
    readonly fields: readonly ScreenField[];
    readonly canGoBack: boolean;
    readonly isLast: boolean;
  };
  /** What the fields hold: the draft where there is one, else what was answered before, else the defaults. */
  readonly values: Values;
  /** What the screen's conditions read from outside it, by path; for `lookupIn` of lib/logic/references. */
  readonly known: Values;
  /** The text for each id that a lookup field holds. */
  readonly names: Readonly<Record<string, string>>;
  readonly draftVersion: number;
  readonly draftSavedAt: string | null;
  /** Why the flow could not go on after the last Next, in a sentence; the screen can be sent again. */
  readonly error: string | null;
};

/** After the last screen. `next`: the reader's next open item of the same run. */
export type Finished = {
  readonly type: "finished";
  readonly next: { readonly workItemId: string; readonly recordPath: string | null } | null;
};

/**
 * The flow failed: with it the step (`onScreenFault: fail`), and what was typed comes back when an admin tries the step again; or before its
 * first screen, and then opening it again tries again.
 */
type Failed = { readonly type: "failed"; readonly message: string };

/** What the person is shown after a screen was opened or sent. */
export type AfterScreen = ScreenView | Finished | Failed;

/**
 * What lay beside the screens of an approval when they were shown last, as fingerprints: `from` and `now` are one, until the person's own screens
 * save something of it; then a page may show either.
 */
export type KeptShown = { readonly from: string; readonly now: string };

/** What became of an interview; `lib/work` tells the run of `finished` and `failed`. `broken`: it came to no screen, and the item stays open. */
export type Submitted =
  | { readonly type: "screen"; readonly view: ScreenView }
  | { readonly type: "broken"; readonly error: string }
  | {
      readonly type: "finished";
      readonly runId: string;
      readonly workItemId: string;
      readonly flow: Flow;
      readonly outputs: Values;
      /** Of an approval what lay beside the last screen when it was sent (`lib/work/seen.ts`); null for other work. */
      readonly seen: Value;
    }
  | {
      readonly type: "failed";
      readonly runId: string;
      readonly stepRunId: string;
      readonly error: string;
      readonly element: string | null;
    };

/** Saved, or: another tab or device saved after this one last read; then nothing was stored and theirs is told. */
export type DraftAnswer =
  | { readonly type: "saved"; readonly draftVersion: number; readonly savedAt: string }
  | { readonly type: "conflict"; readonly draftVersion: number; readonly savedAt: string; readonly values: Values };

/** What a field may hold while somebody types; whether it is right is the screen's affair (`lib/flow/screen.ts`). */
const typed: z.ZodType<Value> = z.union([
  z.string().max(MAX_TEXT_CHARACTERS),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(1_000)).max(200),
]);
const values = z.record(z.string().max(80), typed);
const key = z.string().min(8).max(100);

export const openInterviewInput = z.strictObject({ workItemId: z.string().max(40), key });
export const submitScreenInput = z.strictObject({
  interviewId: z.string().max(40),
  /** The screen that was filled in; when the interview has moved on meanwhile the answer is refused. */
  screen: z.string().max(80),
  values,
  direction: z.enum(["next", "back"]),
  /** What the end of an approval's screens may ask for besides: a reason that they had no field for, and the decider's password. */
  comments: z.string().trim().max(4_000, "At most 4,000 characters").optional(),
  password: z.string().max(1_000).optional(),
  /** Of an approval the fingerprint of what its page shows; where it does not say, what was there when the screens were opened. */
  shownAs,
  key,
});
export const saveDraftInput = z.strictObject({
  interviewId: z.string().max(40),
  screen: z.string().max(80),
  values,
  draftVersion: z.number().int().min(0),
});

export type SubmitInput = z.output<typeof submitScreenInput>;
export type DraftInput = z.output<typeof saveDraftInput>;

/**
 * What may go wrong in ordinary use is returned, never thrown.
 *
 * A `Refusal` is a state of affairs with a code ("item-closed"); `lib/refusals.ts` turns codes into sentences for people.
 * A thrown error is a fault: a bug, or the world breaking.
 */
export type Refusal = {
  readonly code: string;
  /** Values that the sentence of this code names, e.g. who finished first. */
  readonly details?: Readonly<Record<string, string | number>>;
  /** Problems tied to a place: `path` is a field name of a form, or the path inside a definition ("elements[0].steps[1].flow"). */
  readonly problems?: readonly Problem[];
};

export type Problem = { readonly path: string; readonly message: string };

export type Result<T, R = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refuse = (
  code: string,
  more: { details?: Record<string, string | number>; problems?: readonly Problem[] } = {},
): { readonly ok: false; readonly refusal: Refusal } => ({ ok: false, refusal: { code, ...more } });

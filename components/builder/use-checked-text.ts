"use client";

import { useMemo, useState } from "react";
import { placesOf } from "@/lib/check/places-of";
import type { Problem } from "@/lib/result";

export type Findings = { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/**
 * The text of a definition and what is known of it. That it is no JSON is said at once; what the server found holds until the text
 * changes.
 */
export function useCheckedText(first: string, found: Findings) {
  const [text, setText] = useState(first);
  const [saved, setSaved] = useState(first);
  const [findings, setFindings] = useState<Findings | null>(found);
  const { places, brokenAt } = useMemo(() => placesOf(text), [text]);

  const problems = brokenAt
    ? [{ path: "", message: `is not JSON from line ${brokenAt.line} on` }]
    : (findings?.problems ?? []);
  const change = (next: string) => {
    setText(next);
    setFindings(null);
  };
  return {
    text,
    change,
    isDirty: text !== saved,
    wasSaved: () => setSaved(text),
    /** Null: the text changed since it was checked. */
    findings: brokenAt ? { problems, warnings: [] } : findings,
    setFindings,
    places: brokenAt ? new Map([["", brokenAt]]) : places,
    isBroken: brokenAt !== null,
  };
}

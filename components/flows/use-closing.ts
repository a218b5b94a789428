"use client";

import { useState } from "react";
import type { Problem } from "@/lib/result";

/** The output that says an approver's words (6.5). */
const REASON = "approvalComments";

/** What the end of an approval's screens asked for besides; null: not asked. */
export type Closing = { readonly comments: string | null; readonly password: string | null };

/** A reason that the screens have no field for, and the password again: asked for once the server said that the decision needs it. */
export function useClosing() {
  const [asked, setAsked] = useState<Closing>({ comments: null, password: null });
  const { comments, password } = asked;
  return {
    asked,
    given: { ...(comments && { comments }), ...(password && { password }) },
    /** What was told of the form: a missing reason belongs to the form's own field for it, where it has one; else it is asked for. */
    take: (code: string, problems: readonly Problem[], fields: readonly { readonly name: string }[]): Problem[] => {
      const isOwn = fields.some(({ name }) => name === REASON);
      setAsked({
        comments: comments ?? (code === "reason-needed" && !isOwn ? "" : null),
        password: password ?? (code === "password-needed" ? "" : null),
      });
      return problems.map((one) => (isOwn && one.path === "comments" ? { ...one, path: REASON } : one));
    },
    set: (more: Partial<Closing>) => setAsked({ ...asked, ...more }),
  };
}

import type { ApprovalSummary } from "../../emails/content";
import type { Value } from "../logic/value";

/** What is asked about an approval item when its mail is sent. */
export type Asked = {
  readonly workItemId: string;
  readonly assignmentNo: number;
  /** The reader's; null: they have chosen none. */
  readonly timeZone: string | null;
};

/** What the mail says, and the state of things that it says it of, for whoever takes its answer. */
export type Summary = { readonly approval: ApprovalSummary; readonly shown: Value };

type Summarise = (asked: Asked) => Promise<Summary | null>;

const port: { summarise: Summarise } = { summarise: async () => null };

/** Mails are sent by a noun that knows no runs; what they say of a request is read by one that does (`lib/launch/wire.ts`). */
export function setSummary(summarise: Summarise): void {
  port.summarise = summarise;
}

/** Null: there is no such item any more under that assignment. */
export const summaryOf = (asked: Asked): Promise<Summary | null> => port.summarise(asked);

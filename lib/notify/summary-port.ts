import type { ApprovalSummary } from "../../emails/content";

/** What is asked about an approval item when its mail is sent. */
export type Asked = {
  readonly workItemId: string;
  readonly assignmentNo: number;
  /** The reader's; null: they have chosen none. */
  readonly timeZone: string | null;
};

type Summarise = (asked: Asked) => Promise<ApprovalSummary | null>;

const port: { summarise: Summarise } = { summarise: async () => null };

/** Mails are sent by a noun that knows no runs; what they say of a request is read by one that does (`lib/launch/wire.ts`). */
export function setSummary(summarise: Summarise): void {
  port.summarise = summarise;
}

/** Null: there is no such item any more under that assignment. */
export const summaryOf = (asked: Asked): Promise<ApprovalSummary | null> => port.summarise(asked);

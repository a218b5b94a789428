import { z } from "zod";
import type { RunStatus, SubmissionStatus } from "../../engine/status";
import { RUN_STATUSES } from "../../engine/status";

/** Filters of the Orchestration Runs list, as they stand in the address bar. */
export const runFilter = z.object({
  status: z.enum([...RUN_STATUSES, "open", "stalled"]).optional(),
  definition: z.string().max(80).optional(),
  /** Of that definition. */
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
  /** Words of the record's name or the process's label. */
  search: z.string().trim().max(200).optional(),
  /** Started at least that many hours ago. */
  olderThanHours: z.coerce.number().int().min(1).max(87_600).optional(),
  /** Debug runs only, or none of them. */
  debug: z.enum(["only", "none"]).optional(),
  cursor: z.string().max(500).optional(),
});
export type RunFilter = z.infer<typeof runFilter>;

/** One row of the Orchestration Runs list. Instants are ISO texts. */
export type RunRow = {
  readonly runId: string;
  readonly label: string;
  readonly definitionId: string;
  readonly definitionVersion: number;
  readonly status: RunStatus;
  /** What an approval came to, or that it goes on; null for runs that are none. */
  readonly submissionStatus: SubmissionStatus | null;
  readonly stageLabel: string | null;
  readonly record: { readonly object: string; readonly id: string; readonly name: string } | null;
  readonly startedByName: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly stalledSince: string | null;
  readonly stalledReason: string | null;
  readonly error: string | null;
  /** Played by one person to try a version. */
  readonly isDebug: boolean;
};

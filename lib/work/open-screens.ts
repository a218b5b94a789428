import type { Tx } from "../../db/transaction";
import { openInterview } from "../interviews/commands/open-interview";
import type { AfterScreen } from "../interviews/schema";
import type { Person } from "../people/current-person";
import type { Result } from "../result";
import { tellRun } from "./tell-run";

/** Begins or finds again the screens of a work item, and tells its run what they came to at once. Refusals: those of `openInterview` and `tellRun`. */
export async function openScreens(
  tx: Tx,
  person: Person,
  { workItemId }: { workItemId: string },
): Promise<Result<AfterScreen>> {
  const opened = await openInterview(tx, person, { workItemId });
  return opened.ok ? tellRun(tx, person, opened.value) : opened;
}

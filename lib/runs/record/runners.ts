import type { Tx } from "../../../db/transaction";
import { isId } from "../../ids";
import { findPerson } from "../../people/queries";
import type { Happened } from "./history";

/**
 * Whose rights the steps that began took on, as user ids: the definition's name for somebody may come to mean another person, the history's line
 * may not. A name that nobody has stays as it is written; nothing is run for it.
 */
export async function withRunners(tx: Tx, happened: readonly Happened[]): Promise<readonly Happened[]> {
  const names = happened.flatMap(({ event }) =>
    event.type === "step-started" && event.runAs !== null && !isId("user", event.runAs) ? [event.runAs] : [],
  );
  if (names.length === 0) return happened;
  const ids = new Map<string, string>();
  for (const name of new Set(names)) ids.set(name, (await findPerson(tx.db, name))?.userId ?? name);
  return happened.map((one) => {
    const runner = one.event.type === "step-started" && one.event.runAs !== null ? ids.get(one.event.runAs) : undefined;
    return runner === undefined ? one : { ...one, runner };
  });
}

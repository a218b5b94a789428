import type { Tx } from "../../db/transaction";
import type { Flow, ScreenField } from "../flow/definition";
import { formatDay } from "../logic/display";
import { textOf } from "../logic/text-of";
import { isList, type Value } from "../logic/value";
import type { Person } from "../people/current-person";
import { nameIds } from "../records/queries/name-ids";
import { idsAmong } from "./queries/facts";

/** What was answered in screens: a line for each output that says something, "Quantity: 12", by the label of the field of that name. */
export async function wordAnswer(
  tx: Tx,
  person: Person,
  { flow, outputs }: { readonly flow: Flow; readonly outputs: { readonly [name: string]: Value } },
): Promise<string> {
  const fields = flow.elements.flatMap((element) => (element.type === "screen" ? element.fields : []));
  const values = Object.values(outputs).flatMap((value) => (isList(value) ? value : [value]));
  const names = await nameIds(tx.db, person, idsAmong(values));
  const lines = Object.entries(outputs).flatMap(([name, value]) => {
    const field = fields.find((one) => one.name === name);
    const said = (isList(value) ? value : [value]).map((one) => wordsOf(one, field, names)).join(", ");
    return said === "" ? [] : [`${field?.label ?? name}: ${said}`];
  });
  return lines.join("\n") || "Nothing was filled in.";
}

function wordsOf(value: Value, field: ScreenField | undefined, names: Readonly<Record<string, string>>): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value !== "string" || value === "") return textOf(value);
  const option = field?.options.find((offered) => offered.value === value);
  return option?.label ?? names[value] ?? (field?.type === "date" ? formatDay(value) : value);
}

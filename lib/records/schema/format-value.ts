import { formatDay } from "../../logic/display";
import type { Value } from "../../logic/value";
import type { FieldShape } from "./object";

/** Values of fields as people read them: the same text on the server and in the browser, on a record and in the work about it. */

function formatNumber(value: number, { type, options }: FieldShape): string {
  const decimals = options.decimals ?? (type === "currency" ? 2 : undefined);
  const digits =
    decimals === undefined
      ? { maximumFractionDigits: 15 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const currency =
    type === "currency"
      ? ({ style: "currency", currency: options.currency ?? "EUR", currencyDisplay: "code" } as const)
      : {};
  return new Intl.NumberFormat("en", { ...digits, ...currency })
    .format(value)
    .replace(/^([A-Z]{3})\s(.*)$/, "$2 $1")
    .replace(/^-([A-Z]{3})\s(.*)$/, "-$2 $1");
}

/** A value that is a text, a number, a day or a choice, in one line; null when there is nothing to show. */
export function formatValue(value: Value | undefined, field: FieldShape): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return formatNumber(value, field);
  if (typeof value !== "string") return JSON.stringify(value);
  if (field.type === "date") return formatDay(value);
  if (field.type === "picklist")
    return field.options.values?.find((offered) => offered.value === value)?.label ?? value;
  return value;
}

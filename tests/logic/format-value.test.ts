import { describe, expect, test } from "vitest";
import type { Value } from "../../lib/logic/value";
import { formatValue } from "../../lib/records/schema/format-value";
import type { FieldShape } from "../../lib/records/schema/object";

const field = (type: FieldShape["type"], options: FieldShape["options"] = {}): FieldShape => ({
  name: "Field",
  position: 1,
  label: "Field",
  help: "",
  type,
  required: false,
  defaultValue: null,
  options,
});

describe("a value as people read it", () => {
  test.each<[what: string, field: FieldShape, value: Value, shown: string | null]>([
    ["an amount with its cents and currency", field("currency", { currency: "EUR" }), 12500, "12,500.00 EUR"],
    ["an amount below nothing", field("currency", { currency: "USD" }), -3.5, "-3.50 USD"],
    ["an amount without cents where the field has none", field("currency", { decimals: 0 }), 7, "7 EUR"],
    ["a number as exactly as it is stored", field("number"), 1234.5678901, "1,234.5678901"],
    ["a day by its month's name", field("date"), "2026-09-01", "1 Sep 2026"],
    ["a choice by its label", field("picklist", { values: [{ value: "hw", label: "Hardware" }] }), "hw", "Hardware"],
    ["nothing as nothing", field("text"), null, null],
  ])("%s", (_what, shape, value, shown) => {
    expect(formatValue(value, shape)).toBe(shown);
  });
});

import { inArray } from "drizzle-orm";
import type { Database } from "../../db/client";
import { operation } from "../../db/schema/connect";
import type { OperationInWorld } from "../check/world";
import { dataTypeOf, namedParts, type Shape } from "../logic/shape";

/** The operations with these names, as they are now, by what they are given and what they give back. Names without one are absent. */
export async function operationsNamed(db: Database, names: readonly string[]): Promise<Map<string, OperationInWorld>> {
  if (names.length === 0) return new Map();
  const rows = await db
    .select({ name: operation.name, input: operation.input, output: operation.output })
    .from(operation)
    .where(inArray(operation.name, [...names]));
  return new Map(rows.map(({ name, ...shapes }) => [name, inWorld(shapes)]));
}

const inWorld = ({ input, output }: { input: Shape; output: Shape | null }): OperationInWorld => ({
  inputs: typesIn(input),
  required: input.required ?? [],
  outputs: output ? typesIn(output) : new Map(),
});

const typesIn = (shape: Shape) => new Map([...namedParts(shape)].map(([name, part]) => [name, dataTypeOf(part)]));

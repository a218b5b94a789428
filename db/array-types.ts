import type postgres from "postgres";

/**
 * PostgreSQL's own arrays, by the ids of element and array, which never change. The driver would ask each new connection for them, and a process whose
 * database goes away just then ends with an unhandled rejection (porsager/postgres 1192); it also costs every connection a round trip and 10 KB.
 */
const ARRAYS: readonly (readonly [element: number, array: number])[] = [
  [16, 1000], // bool
  [19, 1003], // name
  [20, 1016], // int8
  [21, 1005], // int2
  [23, 1007], // int4
  [25, 1009], // text
  [26, 1028], // oid
  [700, 1021], // float4
  [701, 1022], // float8
  [1043, 1015], // varchar
  [1082, 1182], // date
  [1114, 1115], // timestamp
  [1184, 1185], // timestamptz
  [1700, 1231], // numeric
  [2950, 2951], // uuid
];

type Options = {
  readonly parsers: Record<number, (text: string) => unknown>;
  readonly serializers: Record<number, (value: unknown) => unknown>;
  readonly shared: { readonly typeArrayMap: Record<number, number> };
};

const ESCAPED = /["\\]/g;
const escaped = (text: string): string =>
  text.includes('"') || text.includes("\\") ? text.replace(ESCAPED, "\\$&") : text;
const textOf = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** Values as PostgreSQL writes an array of them; what is not there is null. */
export function arrayText(values: readonly unknown[]): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    if (value === null || value === undefined) text += "null";
    else if (typeof value === "number" || typeof value === "boolean") text += String(value);
    else text += `"${escaped(textOf(value))}"`;
  }
  return `${text}}`;
}

const PART = /"((?:[^"\\]|\\.)*)"|([^{},]+)/gs;

/** The texts of an array of one dimension, as PostgreSQL writes it. (drizzle's own reader loses backslashes.) */
const partsOf = (text: string): (string | null)[] =>
  Array.from(text.matchAll(PART), ([, quoted, plain = ""]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, "$1");
    return plain === "NULL" ? null : plain;
  });

/** Lets a client send and read arrays without asking the server what they are; to be told before anything is sent. */
export function knowArrays<Client extends postgres.Sql>(client: Client): Client {
  const { parsers, serializers, shared } = client.options as unknown as Options;
  for (const [element, array] of ARRAYS) {
    shared.typeArrayMap[element] = array;
    serializers[array] = (value) => (Array.isArray(value) ? arrayText(value) : value);
    parsers[array] = (text) => partsOf(text).map((part) => (part === null ? null : (parsers[element]?.(part) ?? part)));
  }
  return client;
}

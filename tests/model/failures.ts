import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { byList, type Choices, shrink } from "./choices";
import { makeDefinition } from "./definitions";
import { Disagreement } from "./play-case";

/** Cases that failed once, as their choices; they run before anything else, so that what was mended stays so. */
const SEEDS = new URL("../seeds/", import.meta.url);

export type KeptCase = { readonly name: string; readonly said: string; readonly choices: readonly number[] };

/** `model`: of the pure core; `real`: of the database. */
export type Kind = "model" | "real";

export const keptCases = (kind: Kind): KeptCase[] =>
  readdirSync(SEEDS)
    .filter((name) => name.startsWith(`${kind}-`) && name.endsWith(".json"))
    .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, SEEDS), "utf8")) }));

type Failed = { readonly kind: Kind; readonly seed: number; readonly drawn: readonly number[]; readonly tries: number };

/** Makes a failed case as small as it gets, keeps it in tests/seeds, and says in full what happened there. */
export async function explain(
  { kind, seed, drawn, tries }: Failed,
  play: (choices: Choices) => unknown,
): Promise<string> {
  const said = async (list: readonly number[]): Promise<unknown> => {
    try {
      await play(byList(list));
      return null;
    } catch (error) {
      return error;
    }
  };
  const first = kindOf(await said(drawn));
  const smallest = await shrink(drawn, async (list) => kindOf(await said(list)) === first, tries);
  const error = await said(smallest);
  const name = `${kind}-${seed}.json`;
  mkdirSync(SEEDS, { recursive: true });
  writeFileSync(new URL(name, SEEDS), `${JSON.stringify({ said: kindOf(error), choices: smallest })}\n`);
  const lines = error instanceof Disagreement ? picture(smallest, error) : [String(error)];
  return [`seed ${seed}, kept as tests/seeds/${name}: ${first}`, ...lines].join("\n");
}

const kindOf = (error: unknown): string => (error instanceof Disagreement ? error.said : String(error));

function picture(choices: readonly number[], { moves, sides }: Disagreement): string[] {
  const { elements } = makeDefinition(byList(choices)).definition;
  return [
    ...elements.map((element) => JSON.stringify(element)),
    ...moves.map((move) => JSON.stringify(move)),
    ...differences(sides.model, sides.engine, "run").slice(0, 20),
  ];
}

/** Where two values of JSON differ, with the path. */
function differences(model: unknown, engine: unknown, path: string): string[] {
  if (JSON.stringify(model) === JSON.stringify(engine)) return [];
  if (!isMap(model) || !isMap(engine))
    return [`${path}: the model says ${JSON.stringify(model)}, the engine ${JSON.stringify(engine)}`];
  const keys = new Set([...Object.keys(model), ...Object.keys(engine)]);
  return [...keys].flatMap((key) => differences(model[key], engine[key], `${path}.${key}`));
}

const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null;

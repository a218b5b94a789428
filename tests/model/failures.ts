import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { byList, type Choices, shrink } from "./choices";
import { makeDefinition } from "./definitions";
import { Disagreement } from "./play-case";

/** Cases that failed once, as their choices; they run before anything else, so that what was mended stays so. */
const SEEDS = new URL("../seeds/", import.meta.url);

export type KeptCase = { readonly name: string; readonly said: string; readonly choices: readonly number[] };

export const keptCases = (): KeptCase[] =>
  readdirSync(SEEDS)
    .filter((name) => /^model-.*\.json$/.test(name))
    .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, SEEDS), "utf8")) }));

type Play = (choices: Choices) => void;

/** Makes a failed case as small as it gets, keeps it in tests/seeds, and says in full what happened there. */
export function explain(seed: number, drawn: readonly number[], play: Play): string {
  const said = (list: readonly number[]): unknown => {
    try {
      play(byList(list));
      return null;
    } catch (error) {
      return error;
    }
  };
  const kindOf = (error: unknown) => (error instanceof Disagreement ? error.said : String(error));
  const first = kindOf(said(drawn));
  const smallest = shrink(drawn, (list) => kindOf(said(list)) === first);
  const error = said(smallest);
  const name = `model-${seed}.json`;
  mkdirSync(SEEDS, { recursive: true });
  writeFileSync(new URL(name, SEEDS), `${JSON.stringify({ said: kindOf(error), choices: smallest })}\n`);
  const lines = error instanceof Disagreement ? picture(smallest, error) : [String(error)];
  return [`seed ${seed}, kept as tests/seeds/${name}: ${first}`, ...lines].join("\n");
}

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

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Before, type Script, type Source, written } from "./case";
import { byList, type Choices, shrink } from "./choices";
import { Disagreement } from "./play-case";

/** Cases that failed once, with all that they drew; they run before anything else, so that what was mended stays so. */
const SEEDS = new URL("../seeds/", import.meta.url);

export type Kept<B extends Before> = Script<B> & { readonly name: string; readonly said: string };

/** `model`: of the pure core; `real`: of the database. */
export type Kind = "model" | "real";

export const keptCases = <B extends Before>(kind: Kind): Kept<B>[] =>
  readdirSync(SEEDS)
    .filter((name) => name.startsWith(`${kind}-`) && name.endsWith(".json"))
    .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, SEEDS), "utf8")) }));

type Failed = { readonly kind: Kind; readonly seed: number; readonly drawn: readonly number[]; readonly tries: number };

type Playing<B extends Before> = {
  readonly make: (choices: Choices) => Source<B>;
  readonly play: (source: Source<B>) => unknown;
};

/** Makes a failed case as small as it gets, keeps it in tests/seeds, and says in full what happened there. */
export async function explain<B extends Before>(
  { kind, seed, drawn, tries }: Failed,
  { make, play }: Playing<B>,
): Promise<string> {
  const tried = async (list: readonly number[]): Promise<{ said: unknown; script: Script<B> }> => {
    const { source, script } = written(make(byList(list)));
    try {
      await play(source);
      return { said: null, script };
    } catch (said) {
      return { said, script };
    }
  };
  const first = kindOf((await tried(drawn)).said);
  const smallest = await shrink(drawn, async (list) => kindOf((await tried(list)).said) === first, tries);
  const { said: error, script } = await tried(smallest);
  const name = `${kind}-${seed}.json`;
  mkdirSync(SEEDS, { recursive: true });
  writeFileSync(new URL(name, SEEDS), `${JSON.stringify({ said: kindOf(error), ...script })}\n`);
  const lines = error instanceof Disagreement ? picture(script, error) : [String(error)];
  return [`seed ${seed}, kept as tests/seeds/${name}: ${first}`, ...lines].join("\n");
}

const kindOf = (error: unknown): string => (error instanceof Disagreement ? error.said : String(error));

const picture = ({ definition, turns }: Script, { sides }: Disagreement): string[] => [
  ...definition.elements.map((element) => JSON.stringify(element)),
  ...turns.map((turn) => JSON.stringify(turn)),
  ...differences(sides.model, sides.engine, "run").slice(0, 20),
];

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

import { inventory } from "../../action";
import "../../approvals/actions";
import "../../connect/actions/connections";
import "../../connect/actions/event-sources";
import "../../connect/actions/operations";
import "../../connect/actions/tokens";
import "../../definitions/actions";
import "../../notify/actions";
import "../../people/actions";
import "../../people/actions/delegation";
import "../../records/actions";
import "../../runs/actions";
import "../../work/actions/change-person";
import "../../work/actions/change-place";
import "../../work/actions/hand-over";
import "../../work/actions/reassign";
import { env, publicOrigin } from "../../env";
import { newId } from "../../ids";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import { type Outside, type Scenario, scenario } from "./scenario";
import type { Cast } from "./world";

/** Commands that are given as a browser gives them: through the action, with a form's key. */
type Given = { readonly person: Person; readonly input: object };
type Prepare = (cast: Cast, outside: Outside) => Promise<Given>;

async function sent(action: string, { person, input }: Given, key: string): Promise<Result<unknown>> {
  const perform = inventory.get(action);
  if (!perform) throw new Error(`there is no action ${action}`);
  const headers = new Headers({ origin: publicOrigin(env()), "sec-fetch-site": "same-origin" });
  const result = await perform({ headers, person: async () => person }, { ...input, key });
  return result.ok ? ok(result.value) : refuse(result.code, { problems: result.problems });
}

export const acting = (name: string, action: string, prepare: Prepare): Scenario => ({
  ...scenario<Given>({ name, prepare, act: (given, key) => sent(action, given, key) }),
  action,
});

/** What must be there before: done through its action. @throws when it is refused. */
export async function did<T = unknown>(person: Person, action: string, input: object): Promise<T> {
  const result = await sent(action, { person, input }, newId("command"));
  if (!result.ok) throw new Error(`${action} was refused: ${JSON.stringify(result.refusal)}`);
  return result.value as T;
}

type Input = (cast: Cast, outside: Outside) => object | Promise<object>;

/** Actions of one person, each by its name with what it is given. */
export const actsOf = (who: keyof Cast, inputs: Readonly<Record<string, Input>>): Scenario[] =>
  Object.entries(inputs).map(([action, input]) =>
    acting(action, action, async (cast, outside) => ({ person: cast[who], input: await input(cast, outside) })),
  );

/** One that is a command for each of many. */
export const actingOnMany = (name: string, action: string, prepare: Prepare): Scenario => ({
  ...acting(name, action, prepare),
  inPieces: true,
});

import { expect, test } from "vitest";
import { attempt } from "../../components/ui/attempt";
import type { ActionResult } from "../../lib/action";

type Input = { readonly key: string; readonly what: string };

/** Does an act once for each key, as the server does, and tells of it or loses its answer. */
function aServer() {
  const done: Input[] = [];
  const state = { losesAnswers: false };
  const act = async (input: Input): Promise<ActionResult<string>> => {
    const before = done.find(({ key }) => key === input.key);
    if (before && before.what !== input.what) return { ok: false, code: "key-reused", message: "", problems: [] };
    if (!before) done.push(input);
    if (state.losesAnswers) throw new Error("the connection broke");
    return { ok: true, value: input.what };
  };
  const send = (what: string) => attempt(act, { key: "a-key-of-mine", what }, async () => false);
  return { done, state, send };
}

test("what is changed after a broken connection is an act of its own, and done once though its connection breaks too", async () => {
  const { done, state, send } = aServer();
  state.losesAnswers = true;
  expect(await send("one")).toMatchObject({ ok: false, code: "outcome-unknown" });
  expect(await send("other")).toMatchObject({ ok: false, code: "outcome-unknown" });
  state.losesAnswers = false;
  expect(await send("other")).toEqual({ ok: true, value: "other" });
  expect(await send("one")).toEqual({ ok: true, value: "one" });
  expect(await send("third")).toEqual({ ok: true, value: "third" });
  expect(done.map(({ what }) => what)).toEqual(["one", "other", "third"]);
});

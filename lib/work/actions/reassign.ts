"use server";

import { action } from "../../action";
import { may } from "../../gate";
import { ok, refuse } from "../../result";
import { reassignItems as reassign } from "../reassign-items";
import { reassignInput } from "../schema";

/** Moves one item or many; the value says of each what became of it. */
export const reassignItems = action({
  name: "item.reassign",
  schema: reassignInput,
  run: async ({ person, input }) =>
    may(person, "item.list") ? ok(await reassign(person, input)) : refuse("not-found"),
});

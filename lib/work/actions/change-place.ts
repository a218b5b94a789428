"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import { changePlaceInput } from "../../people/schema";
import { changePlaceAndWork } from "../commands/change-place";

/** Changes a group or queue; the work of whoever left goes back to it in the same transaction, which is why this is here. */
export const changePlace = action({
  name: "people.change-place",
  schema: changePlaceInput,
  run: ({ person, input }) =>
    runCommand({ kind: "people.change-place", actorId: person.userId, key: input.key, subjectId: input.id }, (tx) =>
      changePlaceAndWork(tx, person, input),
    ),
});

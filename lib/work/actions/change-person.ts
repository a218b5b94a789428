"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import { changePersonInput } from "../../people/schema";
import { changePersonAndManager } from "../commands/change-person";

/** Changes a person; who their manager is may say who decides open requests, which is why this is here. */
export const changePerson = action({
  name: "people.change",
  schema: changePersonInput,
  run: ({ person, input }) =>
    runCommand({ kind: "people.change", actorId: person.userId, key: input.key, subjectId: input.userId }, (tx) =>
      changePersonAndManager(tx, person, input),
    ),
});

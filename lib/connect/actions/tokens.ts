"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import { newSecret } from "../../people/sign-in/make-link";
import { TOKEN_PREFIX } from "../../people/sign-in/read-token";
import { ok, refuse } from "../../result";
import { createToken as createTokenCommand, revokeToken as revokeTokenCommand } from "../commands/change-token";
import { newTokenInput, tokenIdInput } from "../schema/token";

/**
 * Makes a token and answers with its secret, this once. The secret is in no row, so a repeat of the same act has none to give: it is
 * refused, and the person revokes what they never saw.
 */
export const createToken = action({
  name: "tokens.create",
  schema: newTokenInput,
  run: async ({ person, input }) => {
    const secret = `${TOKEN_PREFIX}${newSecret()}`;
    let isNew = false;
    const made = await runCommand({ kind: "tokens.create", actorId: person.userId, key: input.key }, (tx) => {
      isNew = true;
      return createTokenCommand(tx, person, { ...input, secret });
    });
    if (!made.ok) return made;
    return isNew ? ok({ tokenId: made.value.tokenId, secret }) : refuse("token-shown");
  },
});

export const revokeToken = action({
  name: "tokens.revoke",
  schema: tokenIdInput,
  run: ({ person, input }) =>
    runCommand({ kind: "tokens.revoke", actorId: person.userId, key: input.key, subjectId: input.tokenId }, (tx) =>
      revokeTokenCommand(tx, person, input),
    ),
});

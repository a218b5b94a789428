import { Textarea } from "@mantine/core";
import { PasswordAgain } from "@/components/people/password-again";
import type { Closing } from "./use-closing";

const IDS: Readonly<Record<string, string>> = { comments: "closing-comments", password: "closing-password" };
export const closingId = (path: string): string | null => IDS[path] ?? null;

type Props = {
  readonly closing: Closing;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (more: Partial<Closing>) => void;
};

/** What a decision needs that its screens have no field for: asked once the server said so, beside everything that was filled in. */
export function ClosingFields({ closing: { comments, password }, errorOf, onChange }: Props) {
  return (
    <>
      {comments !== null && (
        <Textarea
          id={closingId("comments") ?? ""}
          label="Reason"
          description="Kept in the history. This decision needs one."
          autosize
          minRows={3}
          maxRows={12}
          maxLength={4_000}
          maw={640}
          mt="lg"
          required
          value={comments}
          error={errorOf("comments")}
          onChange={(event) => onChange({ comments: event.currentTarget.value })}
        />
      )}
      {password !== null && (
        <PasswordAgain
          id={closingId("password") ?? ""}
          mt="lg"
          value={password}
          error={errorOf("password")}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
        />
      )}
    </>
  );
}

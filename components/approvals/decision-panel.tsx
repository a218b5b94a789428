"use client";

import { Alert, Button, Stack, Textarea } from "@mantine/core";
import { IconAlertCircle, IconCheck, IconX } from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ActionBar } from "@/components/ui/action-bar";
import { KeptNote } from "@/components/ui/kept-note";
import { useAct } from "@/components/ui/use-act";
import { decide } from "@/lib/approvals/actions";
import type { Finished } from "@/lib/interviews/schema";

type Choice = "approve" | "reject";
type Props = {
  readonly workItemId: string;
  /** What a mail's button said; it only puts the focus there. Nothing is decided by opening a page (reliability, finding 4). */
  readonly suggested: Choice | null;
  /** Somebody else decided or took it meanwhile: the comment is shown, and nothing can be sent. */
  readonly isOver: boolean;
  readonly onFinished: (finished: Finished, choice: Choice) => void;
};

const COMMENT_ID = "decision-comment";

/** Approve or reject with a comment, for a step without a screen flow. Rejecting asks for the reason where one is. */
export function DecisionPanel({ workItemId, suggested, isOver, onFinished }: Props) {
  const [comments, setComments] = useState("");
  const [isMissing, setMissing] = useState(false);
  const [pressed, setPressed] = useState<Choice>("approve");
  const [refusal, setRefusal] = useState<string | null>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const approve = useRef<HTMLButtonElement>(null);
  const act = useAct(decide, { onRefused: ({ message }) => setRefusal(message) });
  useEffect(() => {
    if (suggested === "approve") approve.current?.focus();
    if (suggested === "reject") comment.current?.focus();
  }, [suggested]);

  const press = (choice: Choice) => {
    setRefusal(null);
    const isReasonMissing = choice === "reject" && comments.trim() === "";
    setMissing(isReasonMissing);
    if (isReasonMissing) return comment.current?.focus();
    setPressed(choice);
    void act.run({ workItemId, decision: choice, comments: comments.trim() }, (finished) =>
      onFinished(finished, choice),
    );
  };
  if (isOver && comments === "") return null;
  return (
    <Stack component="form" gap="lg" onSubmit={(event: FormEvent) => event.preventDefault()} aria-label="Decision">
      {isOver && <KeptNote />}
      {suggested && !isOver && (
        <Alert color="accent" variant="light">
          You chose {suggested === "approve" ? "Approve" : "Reject"} in the mail. Nothing is decided until you press the
          button here.
        </Alert>
      )}
      {refusal && !isOver && (
        <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
          {refusal}
        </Alert>
      )}
      <Textarea
        ref={comment}
        id={COMMENT_ID}
        label="Comment"
        description="Kept in the history. Needed to reject."
        autosize
        minRows={3}
        maxRows={12}
        maw={640}
        readOnly={isOver}
        value={comments}
        onChange={(event) => {
          setComments(event.currentTarget.value);
          setMissing(false);
        }}
        error={isMissing ? "Say why you reject, so that the requester can act on it" : act.errors.comments}
      />
      {!isOver && (
        <ActionBar>
          <Button
            ref={approve}
            leftSection={<IconCheck size={16} />}
            loading={act.isPending && pressed === "approve"}
            disabled={act.isPending && pressed === "reject"}
            onClick={() => press("approve")}
          >
            Approve
          </Button>
          <Button
            variant="default"
            leftSection={<IconX size={16} />}
            loading={act.isPending && pressed === "reject"}
            disabled={act.isPending && pressed === "approve"}
            onClick={() => press("reject")}
          >
            Reject
          </Button>
        </ActionBar>
      )}
    </Stack>
  );
}

"use client";

import { Alert, Button, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useState } from "react";
import { ActionBar } from "@/components/ui/action-bar";
import { KeptNote } from "@/components/ui/kept-note";
import { useAct } from "@/components/ui/use-act";
import { answerItem } from "@/lib/approvals/actions";
import type { Finished } from "@/lib/interviews/schema";

const FORM_ID = "answer-form";
const WORDS = {
  question: {
    label: "Your answer",
    hint: "Whoever asked sees it, and it is kept in the history.",
    send: "Send answer",
  },
  revision: {
    label: "What you changed",
    hint: "Change the record first where that is what was asked for; then the approvers are asked again.",
    send: "Submit again",
  },
} as const;

type Props = {
  readonly workItemId: string;
  readonly kind: keyof typeof WORDS;
  readonly isOver: boolean;
  readonly onFinished: (finished: Finished, said: string) => void;
};

/** Answers what an approver asked, or submits again what was sent back. */
export function AnswerPanel({ workItemId, kind, isOver, onFinished }: Props) {
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const { label, hint, send } = WORDS[kind];
  const act = useAct(answerItem, { onRefused: ({ message }) => setRefusal(message) });
  if (isOver && text === "") return null;
  return (
    <Stack
      component="form"
      id={FORM_ID}
      gap="lg"
      aria-label={label}
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault();
        setRefusal(null);
        void act.run({ workItemId, text }, (finished) =>
          onFinished(finished, kind === "question" ? "Answered" : "Submitted again"),
        );
      }}
    >
      {isOver && <KeptNote />}
      {refusal && !isOver && act.problems.length === 0 && (
        <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
          <Text fz="sm">{refusal}</Text>
        </Alert>
      )}
      <Textarea
        label={label}
        description={hint}
        required
        autosize
        minRows={3}
        maxRows={12}
        maw={640}
        readOnly={isOver}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={act.errors.text}
      />
      {!isOver && (
        <ActionBar>
          <Button type="submit" form={FORM_ID} loading={act.isPending}>
            {send}
          </Button>
        </ActionBar>
      )}
    </Stack>
  );
}

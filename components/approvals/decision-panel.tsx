"use client";

import { Alert, Button, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertCircle, IconArrowBackUp, IconCheck, IconX, type TablerIcon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { PasswordAgain } from "@/components/people/password-again";
import { ActionBar, ActionBarUnder } from "@/components/ui/action-bar";
import { KeptNote } from "@/components/ui/kept-note";
import { useAct } from "@/components/ui/use-act";
import { decide } from "@/lib/approvals/actions";
import type { Finished } from "@/lib/interviews/schema";
import { workKeys } from "@/lib/work/keys";
import type { ApprovalDetail } from "@/lib/work/schema";
import { AheadLine } from "./ahead-line";
import { ChosenInMail } from "./chosen-in-mail";
import { buttonOf, useDecisionKeys } from "./use-decision-keys";
import { WhatNext } from "./what-next";

type Outcome = ApprovalDetail["outcomes"][number];
type Props = {
  readonly workItemId: string;
  readonly approval: ApprovalDetail;
  /** What a mail's button said; it only puts the focus there. Nothing is decided by opening a page (reliability, finding 4). */
  readonly suggested: string | null;
  /** Somebody else decided or took it meanwhile: the comment is shown, and nothing can be sent. */
  readonly isOver: boolean;
  /** `said`: what to tell, e.g. "Approved". */
  readonly onFinished: (finished: Finished, said: string) => void;
};

const ICONS: Readonly<Record<Outcome["does"], TablerIcon>> = {
  approve: IconCheck,
  reject: IconX,
  send_back: IconArrowBackUp,
};
const SAID: Readonly<Record<string, string>> = { Approve: "Approved", Reject: "Rejected" };
const REASONS: Readonly<Record<Outcome["does"], string>> = {
  approve: "Say why, which this process asks for",
  reject: "Say why you reject, so that the requester can act on it",
  send_back: "Say what is to be done, so that the requester can act on it",
};

/** Every outcome of the step as a button, with a comment, and what would come of it; for a step without a screen flow. */
export function DecisionPanel({ workItemId, approval, suggested, isOver, onFinished }: Props) {
  const client = useQueryClient();
  const [comments, setComments] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<Outcome | null>(null);
  const [lacksPassword, setLacksPassword] = useState(false);
  const [pressed, setPressed] = useState<string | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const act = useAct(decide, {
    onRefused: ({ message }) => {
      setRefusal(message);
      // Whatever the reason is, what is shown here and in the list is not how it stands.
      void client.invalidateQueries({ queryKey: workKeys.all });
    },
  });
  useEffect(() => {
    if (suggested === "approve") first.current?.focus();
    else if (suggested !== null) comment.current?.focus();
  }, [suggested]);

  const press = (outcome: Outcome) => {
    setRefusal(null);
    const isReasonMissing = outcome.needsReason && comments.trim() === "";
    setMissing(isReasonMissing ? outcome : null);
    if (isReasonMissing) return comment.current?.focus();
    setLacksPassword(approval.asksPassword && password === "");
    if (approval.asksPassword && password === "") return;
    setPressed(outcome.name);
    const { shownAs } = approval;
    const said = { workItemId, decision: outcome.name, comments: comments.trim(), shownAs };
    void act.run({ ...said, ...(approval.asksPassword && { password }) }, (finished) =>
      onFinished(finished, SAID[outcome.name] ?? `Decided: ${outcome.label}`),
    );
  };
  useDecisionKeys(comment, isOver ? [] : approval.outcomes, press);
  if (isOver && comments === "") return null;
  const wanted = approval.outcomes.filter(({ needsReason }) => needsReason).map(({ label }) => label);
  return (
    <Stack component="form" gap="lg" onSubmit={(event: FormEvent) => event.preventDefault()} aria-label="Decision">
      {isOver && <KeptNote />}
      {!isOver && <Notes approval={approval} suggested={suggested} refusal={refusal} />}
      {!isOver && <WhatNext workItemId={workItemId} outcomes={approval.outcomes} forThumbs />}
      <Textarea
        ref={comment}
        id="decision-comment"
        label="Comment"
        description={`Kept in the history.${wanted.length > 0 ? ` Needed for ${wanted.join(", ")}.` : ""}`}
        autosize
        minRows={3}
        maxRows={12}
        maw={640}
        readOnly={isOver}
        value={comments}
        onChange={(event) => {
          setComments(event.currentTarget.value);
          setMissing(null);
        }}
        error={missing ? REASONS[missing.does] : act.errors.comments}
      />
      {approval.asksPassword && !isOver && (
        <PasswordAgain
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={lacksPassword ? "Type your password to decide" : act.errors.password}
        />
      )}
      {!isOver && (
        <ActionBar>
          {approval.outcomes.map((outcome, at) => (
            <OutcomeButton
              key={outcome.name}
              outcome={outcome}
              {...(at === 0 && { ref: first })}
              isPending={act.isPending && pressed === outcome.name}
              isDisabled={act.isPending && pressed !== outcome.name}
              onPoint={() => setPointed(outcome.name)}
              onPress={() => press(outcome)}
            />
          ))}
          <ActionBarUnder>
            <AheadLine workItemId={workItemId} outcome={act.isPending ? null : pointed} />
          </ActionBarUnder>
        </ActionBar>
      )}
    </Stack>
  );
}

/** What the reader should know before deciding: in whose place, what the mail's button said, why it was not taken. */
function Notes({ approval, suggested, refusal }: Pick<Props, "approval" | "suggested"> & { refusal: string | null }) {
  return (
    <>
      {approval.onBehalfOfName && (
        <Text fz="sm">
          You decide on behalf of <strong>{approval.onBehalfOfName}</strong>. Both names are kept, and the requester
          sees them.
        </Text>
      )}
      <ChosenInMail approval={approval} suggested={suggested} until="press the button here" />
      {refusal && (
        <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
          {refusal}
        </Alert>
      )}
    </>
  );
}

type ButtonProps = {
  readonly outcome: Outcome;
  readonly ref?: React.Ref<HTMLButtonElement>;
  readonly isPending: boolean;
  readonly isDisabled: boolean;
  readonly onPoint: () => void;
  readonly onPress: () => void;
};

function OutcomeButton({ outcome, ref, isPending, isDisabled, onPoint, onPress }: ButtonProps) {
  const Icon = ICONS[outcome.does];
  return (
    <Button
      id={buttonOf(outcome)}
      {...(ref && { ref })}
      {...(outcome.name === "Approve" ? {} : { variant: "default" })}
      leftSection={<Icon size={16} />}
      loading={isPending}
      disabled={isDisabled}
      onPointerEnter={onPoint}
      onFocus={onPoint}
      onClick={onPress}
    >
      {outcome.label}
    </Button>
  );
}

"use client";

import { Alert, Button, Skeleton, Stack } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { attempt } from "@/components/ui/attempt";
import { newKey } from "@/components/ui/new-key";
import { useSignInAgain } from "@/components/ui/session-gate";
import type { AfterScreen, Finished, ScreenView } from "@/lib/interviews/schema";
import { openInterview } from "@/lib/work/actions/interview";
import { ScreenForm } from "./screen-form";

type Props = {
  readonly workItemId: string;
  /** Of an approval the fingerprint of what stands beside the form. */
  readonly shownAs: string | undefined;
  /** The outcome that a mail's button named: chosen already where the form asks for it and nothing is. */
  readonly suggested: string | null;
  /** Somebody else ended or took the work meanwhile: what was typed is shown, and nothing can be sent. */
  readonly isOver: boolean;
  readonly onFinished: (finished: Finished) => void;
};
type Stand = { readonly view: ScreenView | null; readonly refusal: string | null; readonly isReached: boolean };

/** A work item's screen flow, from where this person left it to its end. Give it `key={workItemId}`. */
export function ScreenFlow({ workItemId, shownAs, suggested, isOver, onFinished }: Props) {
  const [stand, setStand] = useState<Stand>({ view: null, refusal: null, isReached: false });
  const [key] = useState(newKey);
  const signInAgain = useSignInAgain();

  const take = (answer: AfterScreen, isReached: boolean) => {
    if (answer.type === "finished") onFinished(answer);
    else if (answer.type === "failed") setStand({ view: null, refusal: answer.message, isReached: false });
    else setStand({ view: withChoice(answer, suggested), refusal: null, isReached });
  };
  const open = async () => {
    const answer = await attempt(openInterview, { workItemId, key }, signInAgain);
    if (answer.ok) take(answer.value, false);
    else setStand({ view: null, refusal: answer.message, isReached: false });
  };
  const openFirst = useEffectEvent(() => void open());
  useEffect(() => openFirst(), []);

  if (isOver && !stand.view) return null;
  if (stand.refusal)
    return (
      <Alert color="orange" role="alert" title="This form cannot go on">
        {stand.refusal}
        <Button mt="sm" size="xs" variant="default" display="block" onClick={() => void open()}>
          Try again
        </Button>
      </Alert>
    );
  if (!stand.view) return <FormSkeleton />;
  return (
    <ScreenForm
      key={`${stand.view.screen.name} ${stand.view.draftVersion}`}
      view={stand.view}
      shownAs={shownAs}
      isReached={stand.isReached}
      isOver={isOver}
      onAnswer={(answer) => take(answer, true)}
    />
  );
}

/** The output that says what an approver decides (6.5). */
const DECISION = "approvalDecision";

/** Only what is not chosen yet, and only what the field offers. */
function withChoice(view: ScreenView, suggested: string | null): ScreenView {
  const field = view.screen.fields.find(({ name }) => name === DECISION);
  const offers = field && "options" in field && field.options?.some(({ value }) => value === suggested);
  if (!offers || (view.values[DECISION] ?? null) !== null) return view;
  return { ...view, values: { ...view.values, [DECISION]: suggested } };
}

function FormSkeleton() {
  return (
    <Stack gap="lg" aria-busy="true" aria-label="Opening the form" role="status">
      <Skeleton h={20} w={220} />
      <Skeleton h={36} maw={640} />
      <Skeleton h={36} maw={640} />
      <Skeleton h={88} maw={640} />
    </Stack>
  );
}

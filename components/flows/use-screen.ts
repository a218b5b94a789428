"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { atField } from "@/components/ui/at-field";
import { attempt } from "@/components/ui/attempt";
import { newKey } from "@/components/ui/new-key";
import { useSignInAgain } from "@/components/ui/session-gate";
import type { ScreenElement } from "@/lib/flow/definition";
import type { Values } from "@/lib/flow/interview";
import { validateScreen, visibleFields } from "@/lib/flow/screen";
import type { AfterScreen, ScreenView } from "@/lib/interviews/schema";
import { lookupIn } from "@/lib/logic/references";
import type { Value } from "@/lib/logic/value";
import type { Problem } from "@/lib/result";
import { submitScreen } from "@/lib/work/actions/interview";
import { workKeys } from "@/lib/work/keys";
import { dropKept } from "./kept-draft";
import { useClosing } from "./use-closing";
import { useDraft } from "./use-draft";

type Sending = "next" | "back" | null;

const elementOf = ({ screen: { name, label, help, fields, canGoBack } }: ScreenView): ScreenElement => ({
  type: "screen",
  name,
  label,
  help,
  fields: [...fields],
  allowBack: canGoBack,
  next: null,
});

type Shown = {
  readonly view: ScreenView;
  /** Of an approval the fingerprint of what stands beside the form. */
  readonly shownAs: string | undefined;
  readonly onAnswer: (answer: AfterScreen) => void;
};

const sentOf = ({ view, shownAs }: Omit<Shown, "onAnswer">) => ({
  ...{ interviewId: view.interviewId, screen: view.screen.name },
  shownAs,
});

/**
 * One screen while somebody fills it in: values, what is visible, what is wrong, the draft, and sending it on. The checks are those
 * of the server, which makes them again. A refusal or a broken connection leaves everything as typed.
 */
export function useScreen({ view, shownAs, onAnswer }: Shown) {
  const client = useQueryClient();
  const [values, setValues] = useState<Values>(view.values);
  const [hasTried, setTried] = useState(false);
  const [told, setTold] = useState<readonly Problem[]>([]);
  const [refusal, setRefusal] = useState<string | null>(view.error);
  const [sending, setSending] = useState<Sending>(null);
  const [key, setKey] = useState(newKey);
  const closing = useClosing();
  const signInAgain = useSignInAgain();
  const draft = useDraft(view, (kept, basedOn) => replace(kept, basedOn));

  const element = elementOf(view);
  const lookup = lookupIn(view.known);
  const found = hasTried ? validateScreen(element, values, lookup) : [];
  const problems = [...found, ...told.filter(({ path }) => !found.some((own) => own.path === path))];

  const replace = (next: Values, basedOn?: number) => {
    setValues(next);
    draft.changed(next, basedOn);
  };
  const set = (name: string, value: Value) => {
    setTold((before) => before.filter(({ path }) => path !== name));
    replace({ ...values, [name]: value });
  };

  const send = async (direction: "next" | "back") => {
    if (sending) return;
    setTried(direction === "next");
    setRefusal(null);
    if (direction === "next" && validateScreen(element, values, lookup).length > 0) return;
    setSending(direction);
    await draft.pause();
    const sent = { ...sentOf({ view, shownAs }), values: { ...values }, ...closing.given, direction, key };
    const answer = await attempt(submitScreen, sent, signInAgain);
    setSending(null);
    if (answer.ok) {
      dropKept(view.interviewId, view.screen.name);
      setKey(newKey());
      return onAnswer(answer.value);
    }
    setTold(closing.take(answer.code, answer.problems, visibleFields(element, values, lookup)).map(atField));
    if (answer.problems.length === 0) setRefusal(answer.message);
    if (answer.code === "facts-changed") void client.invalidateQueries({ queryKey: workKeys.detail(view.workItemId) });
    // What the server refused is still only here.
    draft.resume();
  };
  return {
    values,
    fields: visibleFields(element, values, lookup),
    problems,
    refusal,
    sending,
    draft,
    closing,
    set,
    replace,
    send,
  };
}

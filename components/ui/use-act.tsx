"use client";

import { Anchor, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRef, useState } from "react";
import type { ActionResult } from "@/lib/action";
import type { Problem } from "@/lib/result";
import { attempt } from "./attempt";
import { newKey } from "./new-key";
import { useSignInAgain } from "./session-gate";

type Options<T> = {
  readonly onDone?: (value: T) => void;
  /** Told in a notification when it worked. */
  readonly success?: string | ((value: T) => string);
  /** Takes the sentence of a refusal instead of a notification; for forms that show it themselves. */
  readonly onRefused?: (refusal: { code: string; message: string; problems: readonly Problem[] }) => void;
};

export type Act<Input, T> = {
  /** Resolves to whether it worked. `onDone` is this one call's own, before that of the options. */
  readonly run: (input: Omit<Input, "key">, onDone?: (value: T) => void) => Promise<boolean>;
  readonly isPending: boolean;
  /** By field; for `error` props. */
  readonly errors: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  readonly forget: () => void;
};

/**
 * One act of a person, e.g. what one form submits or one button does. The key is made once and kept until it worked, so that trying
 * again after a broken connection does it once. Refusals become problems at fields, or a notification.
 */
export function useAct<Input extends { key: string }, T>(
  action: (input: Input) => Promise<ActionResult<T>>,
  options: Options<T> = {},
): Act<Input, T> {
  const [key, setKey] = useState(newKey);
  const [isPending, setPending] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const isRunning = useRef(false);
  const signInAgain = useSignInAgain();

  const run = async (input: Omit<Input, "key">, onDone?: (value: T) => void): Promise<boolean> => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setPending(true);
    const result = await attempt(action, { ...input, key } as Input, signInAgain);
    isRunning.current = false;
    setPending(false);
    setProblems(result.ok ? [] : result.problems);
    if (!result.ok) {
      if (options.onRefused && result.code !== "outcome-unknown") options.onRefused(result);
      else showRefusal(result, () => void run(input, onDone));
      return false;
    }
    setKey(newKey());
    const said = typeof options.success === "function" ? options.success(result.value) : options.success;
    if (said) notifications.show({ message: said, color: "teal" });
    onDone?.(result.value);
    options.onDone?.(result.value);
    return true;
  };
  const errors = Object.fromEntries(problems.map(({ path, message }) => [path, message]));
  return { run, isPending, errors, problems, forget: () => setProblems([]) };
}

function showRefusal({ code, message }: { code: string; message: string }, tryAgain: () => void): void {
  const mayTryAgain = code === "outcome-unknown" || code === "busy";
  const id = notifications.show({
    color: mayTryAgain ? "orange" : "red",
    autoClose: mayTryAgain ? false : 8_000,
    message: (
      <>
        <Text fz="sm">{message}</Text>
        {mayTryAgain && (
          <Anchor
            component="button"
            type="button"
            fz="sm"
            fw={600}
            mt={4}
            onClick={() => {
              notifications.hide(id);
              tryAgain();
            }}
          >
            Try again
          </Anchor>
        )}
      </>
    ),
  });
}

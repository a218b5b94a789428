"use client";

import { useEffect, useRef, useState } from "react";
import { newKey } from "@/components/ui/new-key";
import { useSignInAgain } from "@/components/ui/session-gate";
import { judgeName } from "@/lib/records/schema/attachment";
import { sentenceOf } from "@/lib/refusals";
import { sendFile } from "./send-file";

/** A file that was chosen and is not attached yet. */
export type Upload = {
  readonly key: string;
  readonly file: File;
  /** refused: as it is it will never be taken. broken: it may be tried again. */
  readonly state: "waiting" | "sending" | "refused" | "broken";
  /** How much of it is on its way, from 0 to 1. */
  readonly share: number;
  /** Why it is not attached. */
  readonly message: string;
};

const MAY_TRY_AGAIN = new Set(["outcome-unknown", "busy", "too-often", "signed-out", "file-cut", "fault"]);

function chosen(file: File): Upload {
  const judged = judgeName(file.name, file.size);
  const refused = "code" in judged;
  return {
    ...{ key: newKey(), file, share: 0 },
    ...{ state: refused ? "refused" : "waiting", message: refused ? sentenceOf(judged) : "" },
  };
}

/** Files on their way to a record, one after another. What is refused stays, with the reason, until it is put away. */
export function useUploads(recordId: string, onAttached: (name: string) => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const waiting = useRef<Upload[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  const isRunning = useRef(false);
  const signInAgain = useSignInAgain();
  useEffect(() => {
    const { current } = stops;
    return () => {
      for (const stop of current.values()) stop.abort();
    };
  }, []);

  const change = (key: string, part: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const putAway = (key: string) => {
    stops.current.get(key)?.abort();
    waiting.current = waiting.current.filter((one) => one.key !== key);
    setUploads((all) => all.filter((one) => one.key !== key));
  };
  const send = async ({ key, file }: Upload) => {
    const stop = new AbortController();
    stops.current.set(key, stop);
    const once = () => {
      change(key, { state: "sending", share: 0, message: "" });
      const onProgress = (share: number) => change(key, { share });
      return sendFile({ recordId, file, key, onProgress, signal: stop.signal });
    };
    let sent = await once();
    if (!sent.ok && sent.code === "signed-out" && (await signInAgain())) sent = await once();
    stops.current.delete(key);
    if (sent.ok) {
      putAway(key);
      onAttached(file.name);
    } else if (sent.code !== "given-up") {
      change(key, { state: MAY_TRY_AGAIN.has(sent.code) ? "broken" : "refused", message: sent.message });
    }
  };
  const run = async () => {
    if (isRunning.current) return;
    isRunning.current = true;
    for (let next = waiting.current.shift(); next; next = waiting.current.shift()) await send(next);
    isRunning.current = false;
  };
  const add = (files: readonly File[]) => {
    const all = files.map(chosen);
    waiting.current.push(...all.filter(({ state }) => state === "waiting"));
    setUploads((before) => [...before, ...all]);
    void run();
  };
  const tryAgain = (upload: Upload) => {
    waiting.current.push(upload);
    change(upload.key, { state: "waiting", message: "" });
    void run();
  };
  return { uploads, add, tryAgain, putAway };
}

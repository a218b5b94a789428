type Sent = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly message: string };

type Sending = {
  readonly recordId: string;
  readonly file: File;
  /** The same for each try, so that the file is attached once. */
  readonly key: string;
  /** How much of it is on its way, from 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
};

/** Sends one file to a record; by the older kind of request, because only that tells how far it is. Never throws. */
export function sendFile({ recordId, file, key, onProgress, signal }: Sending): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, size: String(file.size) });
    request.open("POST", `/api/records/${recordId}/attachments?${query}`);
    request.setRequestHeader("idempotency-key", key);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onProgress(file.size > 0 ? Math.min(1, loaded / file.size) : 0);
    request.onload = () => resolve(answerOf(request, file));
    request.onerror = () => resolve({ ok: false, code: "outcome-unknown", message: UNKNOWN });
    request.onabort = () => resolve({ ok: false, code: "given-up", message: "" });
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

const UNKNOWN =
  "The connection broke, so it is not known whether it was attached. Try again: it is attached only once.";

function answerOf({ status, response }: XMLHttpRequest, { name }: File): Sent {
  if (status >= 200 && status < 300) return { ok: true };
  const { error } = (response ?? {}) as { error?: { code: string; message: string } };
  if (error) return { ok: false, ...error };
  const message =
    status === 413
      ? `A server on the way to Baton takes no file as large as “${name}”. It was not attached.`
      : "The server did not answer as it should. Try again: it is attached only once.";
  return { ok: false, code: status === 413 ? "file-large" : "outcome-unknown", message };
}

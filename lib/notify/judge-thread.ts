import { env, publicOrigin } from "../env";
import type { Reply } from "./read-reply";

type Ours = { readonly messageId: string; readonly runId: string };

/**
 * Whether an answer stands in the thread of the mail whose token it came with: its headers name that mail, or, where a server on the way gave the
 * mail another number, the conversation of its run. Many programs and forms send no such headers: then the token alone says which mail is
 * answered, as it does for who answers. Headers that name another mail of ours, or only others' mails, are of another thread.
 */
export function isInThread({ answers, thread }: Reply, { messageId, runId }: Ours): boolean {
  const { hostname } = new URL(publicOrigin(env()));
  const idOf = (name: string) => `<${name}@${hostname}>`.toLowerCase();
  const [mail, run] = [idOf(messageId), idOf(runId)];
  if (answers.length === 0 && thread.length === 0) return true;
  if (answers.includes(mail)) return true;
  const isOurs = (id: string) => id.endsWith(`@${hostname.toLowerCase()}>`) && id !== run;
  if (answers.some(isOurs)) return false;
  return [...answers, ...thread].some((id) => id === run || id === mail);
}

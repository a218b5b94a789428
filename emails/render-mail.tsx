import { render } from "@react-email/components";
import { compose } from "./compose";
import type { MailContent } from "./content";
import { LetterMail } from "./letter-mail";
import { textOf } from "./text";

/** A mail ready to be handed to the transport. `origin` is the public address of this installation, e.g. https://baton.example.org. */
export async function renderMail(
  mail: MailContent,
  { recipientName, origin }: { readonly recipientName: string; readonly origin: string },
): Promise<{ subject: string; html: string; text: string }> {
  const letter = compose(mail, recipientName);
  return {
    subject: letter.subject,
    html: await render(<LetterMail letter={letter} origin={origin} />),
    text: textOf(letter, origin),
  };
}

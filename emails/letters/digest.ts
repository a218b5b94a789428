import type { MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

type Digest = MailContents["digest"];

const WHY: Readonly<
  Record<NonNullable<Digest["because"]> | "bound", { readonly first: string; readonly note: string }>
> = {
  bound: {
    first: "You had so many mails within an hour that these were gathered.",
    note: "You get at most a hundred mails in an hour.",
  },
  bundle: {
    first: "More than five mails came within ten minutes, so the others were gathered.",
    note: "You asked for that on your account page, and can change it there.",
  },
  daily: {
    first: "This is what came since your last digest.",
    note: "You asked for one mail a day on your account page, and can change it there.",
  },
};

/** Several mails in one: each by its subject, leading to where its own would have led. */
export function digestLetter({ lines, count, because: cause }: Digest, recipientName: string): Letter {
  const because = cause ?? "bound";
  const unnamed = count - lines.length;
  const { first, note } = WHY[because];
  const more = because === "bound" ? " more" : "";
  const what = count === 1 ? `1${more} message` : `${count}${more} messages`;
  return {
    subject: because === "daily" ? `Your digest: ${what} from Baton` : `${what} from Baton`,
    preview: oneLine(lines.map(({ subject }) => subject).join(" · ")),
    heading: what,
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [
      `${first} What is still to be done is in My work.`,
      ...(unnamed > 0 ? [`The first ${lines.length} are named below; ${unnamed} more are not.`] : []),
    ],
    facts: [],
    links: lines.map(({ subject, path }) => ({ label: oneLine(subject), path })),
    buttons: [{ label: "Open My work", path: "/work", tone: "primary" }],
    note,
  };
}

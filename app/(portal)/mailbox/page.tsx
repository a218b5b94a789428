import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Mailbox } from "@/components/notify/mailbox";
import { Page } from "@/components/ui/page";
import { mailboxPage } from "@/lib/notify/loaders";
import { mailboxQuery } from "@/lib/notify/schema";

export const metadata: Metadata = { title: "Mailbox" };

export default async function MailboxPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { message, cursor } = mailboxQuery.catch({}).parse(await searchParams);
  const mailbox = await mailboxPage({ message, cursor });
  if (!mailbox || (message && !mailbox.opened)) notFound();
  const whose = mailbox.isEverybodys
    ? "Every mail that Baton sent in this demo."
    : "Every mail that Baton sent you in this demo.";
  return (
    <Page title="Mailbox" description={`${whose} With a mail server set up (SMTP_URL) they go out instead.`} wide>
      <Mailbox mailbox={mailbox} isFirstPage={cursor === undefined} />
    </Page>
  );
}

"use client";

import { Box, Button, Center } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { useLive } from "@/components/ui/use-live";
import type { MailboxPage } from "@/lib/notify/loaders";
import { MailRow } from "./mail-row";
import { MailView } from "./mail-view";
import classes from "./mailbox.module.css";

/** List and mail side by side; on a phone one at a time. New mails appear by themselves on the first page. */
export function Mailbox({ mailbox, isFirstPage }: { mailbox: MailboxPage; isFirstPage: boolean }) {
  const router = useRouter();
  useLive(isFirstPage ? ["mailbox"] : [], () => router.refresh());
  const { mails, opened, isEverybodys } = mailbox;
  if (mails.rows.length === 0 && !opened) {
    return (
      <Empty
        title="No mail yet"
        text="When work is given to somebody, the mail that tells them is shown here a moment later."
        icon={<IconMail size={24} stroke={1.5} />}
      />
    );
  }
  return (
    <Box className={classes.panes} data-opened={opened !== null}>
      <nav className={classes.list} aria-label="Mails">
        {mails.rows.map((mail) => (
          <MailRow
            key={mail.mailboxMessageId}
            mail={mail}
            isOpened={mail.mailboxMessageId === opened?.mailboxMessageId}
            hasRecipient={isEverybodys}
          />
        ))}
        {mails.next && (
          <Center p="sm">
            <Button
              component={Link}
              href={`/mailbox?cursor=${encodeURIComponent(mails.next)}`}
              variant="default"
              size="xs"
            >
              Older mails
            </Button>
          </Center>
        )}
      </nav>
      <section className={classes.mail} aria-label="Mail">
        {opened ? (
          <MailView key={opened.mailboxMessageId} mail={opened} />
        ) : (
          <Empty
            title="No mail chosen"
            text="Choose one from the list to read it."
            icon={<IconMail size={24} stroke={1.5} />}
          />
        )}
      </section>
    </Box>
  );
}

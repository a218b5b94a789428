import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { MailsForm } from "@/components/notify/mails-form";
import { ChangePasswordForm } from "@/components/people/change-password-form";
import { ProfileForm } from "@/components/people/profile-form";
import { SessionsCard } from "@/components/people/sessions-card";
import { TokensCard } from "@/components/people/tokens-card";
import { Page } from "@/components/ui/page";
import { ownTokens } from "@/lib/connect/loaders";
import { mailWish } from "@/lib/notify/loaders";
import { accountPage } from "@/lib/people/loaders";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const [account, wish, tokens] = await Promise.all([accountPage(), mailWish(), ownTokens()]);
  return (
    <Page title="Account" description="Who you are here, how you sign in, and what acts in your name.">
      <Stack gap="lg" maw={760}>
        <ProfileForm profile={account} />
        <MailsForm wish={wish} />
        <ChangePasswordForm needsPresent={account.needsPresentPassword} username={account.username} />
        <SessionsCard sessions={account.sessions} />
        <TokensCard tokens={tokens} />
      </Stack>
    </Page>
  );
}

"use client";

import { Anchor, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { DemoAccounts } from "./demo-accounts";
import { LinkForm } from "./link-form";
import { PasswordForm } from "./password-form";

type Props = {
  /** A path of our own to go to afterwards. */
  readonly next: string;
  readonly byLink: boolean;
  readonly demoAccounts: readonly { readonly username: string; readonly name: string; readonly role: string }[];
};

/** The ways to sign in. The page is loaded anew afterwards, so that nothing of whoever sat here before is left in it. */
export function SignInCard({ next, byLink, demoAccounts }: Props) {
  const [isByLink, setByLink] = useState(byLink);
  const onSignedIn = () => window.location.assign(next);
  return (
    <Stack gap="lg">
      {isByLink ? <LinkForm next={next} /> : <PasswordForm onSignedIn={onSignedIn} />}
      <Text fz="sm" c="dimmed" ta="center">
        {isByLink ? "You know your password? " : "No password, or forgotten? "}
        <Anchor component="button" type="button" fz="sm" onClick={() => setByLink(!isByLink)}>
          {isByLink ? "Sign in with it" : "Get a link by mail"}
        </Anchor>
      </Text>
      <DemoAccounts accounts={demoAccounts} onSignedIn={onSignedIn} />
    </Stack>
  );
}

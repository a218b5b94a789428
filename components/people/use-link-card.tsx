"use client";

import { Alert, Anchor, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "@/components/ui/link";
import { sendCredentials } from "./send-credentials";

/** The page that a mailed link leads to. Looking at it does nothing; the button spends the link (S7). */
export function UseLinkCard({ token, next }: { token: string; next: string }) {
  const [message, setMessage] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const signIn = async () => {
    setPending(true);
    const outcome = await sendCredentials("link", { token });
    if (outcome.ok) return window.location.replace(next);
    setPending(false);
    setMessage(outcome.message);
  };
  return (
    <Stack gap="md">
      {message ? (
        <>
          <Alert role="alert" color="red" variant="light" title="This link cannot be used">
            {message}
          </Alert>
          <Button component={Link} href={`/sign-in?by=link&next=${encodeURIComponent(next)}`} size="md" fullWidth>
            Ask for a new link
          </Button>
        </>
      ) : (
        <>
          <Text fz="sm" c="dimmed">
            One press, and you are in. The link works once, and only in the browser that asked for it.
          </Text>
          <Button size="md" fullWidth loading={isPending} aria-busy={isPending} onClick={() => void signIn()} autoFocus>
            Sign in
          </Button>
        </>
      )}
      <Anchor component={Link} href="/sign-in" fz="sm" ta="center">
        Sign in another way
      </Anchor>
    </Stack>
  );
}

"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconMailCheck } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { askForLink } from "@/lib/people/actions";
import { SignInName } from "./sign-in-name";

/** Asks for a mailed link. What is said afterwards is the same whether there is such a person or not. */
export function LinkForm({ next }: { next: string }) {
  const [name, setName] = useState("");
  const [isSent, setSent] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  const act = useAct(askForLink, { onDone: () => setSent(true), onRefused: (refusal) => setMessage(refusal.message) });
  if (isSent) return <Sent onAgain={() => setSent(false)} />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMessage(null);
    void act.run({ name, next });
  };
  return (
    <form onSubmit={submit} aria-label="Sign in by a mailed link">
      <Stack gap="md">
        <FormMessage text={message} />
        <SignInName
          name={name}
          onName={setName}
          autoFocus
          error={act.errors.name}
          description="The link goes to the address that your account has."
        />
        <SubmitButton isPending={act.isPending} fullWidth size="md">
          Mail me a link
        </SubmitButton>
      </Stack>
    </form>
  );
}

function Sent({ onAgain }: { onAgain: () => void }) {
  return (
    <Stack gap="sm" role="status">
      <Alert color="teal" variant="light" icon={<IconMailCheck size={20} />} title="Look at your mail">
        If there is an account of that name, a link is on its way. Open it in this browser within ten minutes.
      </Alert>
      <Text fz="sm" c="dimmed">
        Nothing came? At most five links are mailed within an hour. Look into the spam folder, or ask your administrator
        which address your account has.
      </Text>
      <Button variant="default" onClick={onAgain}>
        Ask again
      </Button>
    </Stack>
  );
}

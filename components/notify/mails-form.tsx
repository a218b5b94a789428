"use client";

import { Card, Radio, Select, Stack, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { preferMails } from "@/lib/notify/actions";
import { MAIL_MODES, type MailWish } from "@/lib/notify/schema";

const WORDS: Readonly<Record<MailWish["mode"], { readonly label: string; readonly description: string }>> = {
  each: { label: "Each mail at once", description: "One mail for each thing that concerns you." },
  bundle: {
    label: "Bundled when there are many",
    description: "After five mails within ten minutes the others come in one.",
  },
  daily: {
    label: "One mail a day",
    description:
      "Work, requests and failures of the day in one mail. Reminders and what concerns your account still come at once.",
  },
};

const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, "0")}:00`,
}));

type Props = { readonly wish: MailWish & { readonly timeZone: string | null } };

/** How one wants one's mails. */
export function MailsForm({ wish }: Props) {
  const router = useRouter();
  const [mode, setMode] = useState(wish.mode);
  const [hour, setHour] = useState(wish.hour);
  const act = useAct(preferMails, {
    success: "Saved. It holds for what comes from now on.",
    onDone: () => router.refresh(),
  });
  return (
    <Card padding="lg" component="section" aria-labelledby="mails-title" id="mails">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act.run({ mode, hour });
        }}
      >
        <Stack gap="md" maw={460}>
          <Title order={2} id="mails-title">
            Mails
          </Title>
          <Radio.Group
            label="How they come"
            value={mode}
            onChange={(value) => setMode(MAIL_MODES.find((one) => one === value) ?? "each")}
            error={act.errors.mode}
          >
            <Stack gap="sm" mt={6}>
              {MAIL_MODES.map((one) => (
                <Radio key={one} value={one} {...WORDS[one]} />
              ))}
            </Stack>
          </Radio.Group>
          {mode === "daily" && (
            <Select
              label="At"
              description={
                wish.timeZone
                  ? `In ${wish.timeZone.replaceAll("_", " ")}.`
                  : "In UTC, until you choose a time zone in your profile."
              }
              allowDeselect={false}
              data={HOURS}
              value={String(hour)}
              onChange={(value) => setHour(Number(value ?? 8))}
              error={act.errors.hour}
            />
          )}
          <SubmitButton isPending={act.isPending} style={{ alignSelf: "start" }}>
            Save
          </SubmitButton>
        </Stack>
      </form>
    </Card>
  );
}

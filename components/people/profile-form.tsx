"use client";

import { Card, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { changeProfile } from "@/lib/people/actions";

const BROWSER = "browser";
const ZONES = [
  { value: BROWSER, label: "As this browser says" },
  ...Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
];

type Profile = {
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly role: string;
  readonly timeZone: string | null;
  readonly managerName: string | null;
};

/** One's name and time zone; what an administrator decides is shown, not offered. */
export function ProfileForm({ profile }: { profile: Profile }) {
  const router = useRouter();
  const form = useForm({ initialValues: { name: profile.name, timeZone: profile.timeZone ?? BROWSER } });
  const act = useAct(changeProfile, { success: "Your profile is saved.", onDone: () => router.refresh() });
  return (
    <Card padding="lg" component="section" aria-labelledby="profile-title">
      <form
        onSubmit={form.onSubmit(
          ({ name, timeZone }) => void act.run({ name, timeZone: timeZone === BROWSER ? null : timeZone }),
        )}
      >
        <Stack gap="md" maw={460}>
          <Title order={2} id="profile-title">
            Profile
          </Title>
          <TextInput
            label="Name"
            autoComplete="name"
            required
            withAsterisk={false}
            maxLength={100}
            error={act.errors.name}
            {...form.getInputProps("name")}
          />
          <Select
            label="Time zone"
            description="Times in the portal are shown in it."
            searchable
            allowDeselect={false}
            data={ZONES}
            limit={100}
            nothingFoundMessage="No such zone"
            error={act.errors.timeZone}
            {...form.getInputProps("timeZone")}
          />
          <Facts profile={profile} />
          <SubmitButton isPending={act.isPending} style={{ alignSelf: "start" }}>
            Save the profile
          </SubmitButton>
        </Stack>
      </form>
    </Card>
  );
}

function Facts({ profile: { username, email, role, managerName } }: { profile: Profile }) {
  const facts = [
    ["Username", username],
    ["E-mail address", email],
    ["Role", role],
    ["Manager", managerName ?? "none"],
  ] as const;
  return (
    <Stack gap={6}>
      <Stack component="dl" gap={6} m={0}>
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: "grid", gridTemplateColumns: "130px 1fr", gap: 8 }}>
            <Text component="dt" fz="sm" c="dimmed">
              {label}
            </Text>
            <Text
              component="dd"
              fz="sm"
              m={0}
              style={{ overflowWrap: "anywhere" }}
              {...(label === "Role" ? { tt: "capitalize" as const } : {})}
            >
              {value}
            </Text>
          </div>
        ))}
      </Stack>
      <Text fz="xs" c="dimmed">
        These are kept by an administrator.
      </Text>
    </Stack>
  );
}

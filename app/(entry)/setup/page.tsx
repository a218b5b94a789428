import { Alert, Anchor, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { SetupForm } from "@/components/people/setup-form";
import { setupPage } from "@/lib/people/loaders";
import { sentenceOf } from "@/lib/refusals";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { token: given } = await searchParams;
  const token = typeof given === "string" ? given : "";
  if (!(await setupPage(token))) return <UsedLink />;
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Title order={1} fz={22} ta="center">
          Welcome to Baton
        </Title>
        <Text fz="sm" c="dimmed" ta="center">
          Make the first administrator. You can invite the others afterwards.
        </Text>
      </Stack>
      <SetupForm token={token} />
    </Stack>
  );
}

/** The link was used, is too old, or never was: all the same to whoever has it. */
function UsedLink() {
  return (
    <Stack gap="lg">
      <Title order={1} fz={22} ta="center">
        Nothing to set up
      </Title>
      <Alert color="orange" variant="light">
        {sentenceOf({ code: "setup-link-used" })}
      </Alert>
      <Anchor href="/sign-in" fz="sm" ta="center">
        Sign in
      </Anchor>
    </Stack>
  );
}

import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { SetupForm } from "@/components/people/setup-form";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { token } = await searchParams;
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
      <SetupForm token={typeof token === "string" ? token : ""} />
    </Stack>
  );
}

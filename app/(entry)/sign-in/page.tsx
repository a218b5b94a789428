import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInCard } from "@/components/people/sign-in-card";
import { signInPage } from "@/lib/people/loaders";
import { ownPath } from "@/lib/people/schema";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { next, by } = await searchParams;
  const path = ownPath(typeof next === "string" ? next : null);
  const { isSignedIn, demoAccounts } = await signInPage();
  if (isSignedIn) redirect(path);
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Title order={1} fz={22} ta="center">
          Sign in
        </Title>
        {path !== "/" && path !== "/work" && (
          <Text fz="sm" c="dimmed" ta="center">
            Afterwards you are where you wanted to go.
          </Text>
        )}
      </Stack>
      <SignInCard next={path} byLink={by === "link"} demoAccounts={demoAccounts} />
    </Stack>
  );
}

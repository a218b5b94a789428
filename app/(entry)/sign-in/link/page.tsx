import { Stack, Title } from "@mantine/core";
import type { Metadata } from "next";
import { UseLinkCard } from "@/components/people/use-link-card";
import { ownPath } from "@/lib/people/schema";

export const metadata: Metadata = { title: "Sign in by link" };

/** Looking changes nothing, however often and by whomever: mail scanners open links (finding 4). */
export default async function SignInLinkPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { token, next } = await searchParams;
  return (
    <Stack gap="lg">
      <Title order={1} fz={22} ta="center">
        Sign in by link
      </Title>
      <UseLinkCard
        token={typeof token === "string" ? token : ""}
        next={ownPath(typeof next === "string" ? next : null)}
      />
    </Stack>
  );
}

"use client";

import { Badge, Button, Card, Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { Moment } from "@/components/ui/moment";
import { useAct } from "@/components/ui/use-act";
import { endOtherSessions, endSession } from "@/lib/people/actions";
import type { OpenSession } from "@/lib/people/schema";

const METHODS: Readonly<Record<string, string>> = {
  password: "by password",
  link: "by mailed link",
  demo: "by the demo's button",
};
const BROWSERS = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["HeadlessChrome/", "Chromium"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;
const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["Linux", "Linux"],
] as const;

/** What a browser calls itself, in two words: "Firefox on Windows". */
function deviceOf(userAgent: string): string {
  const [browser, system] = [BROWSERS, SYSTEMS].map((list) => list.find(([mark]) => userAgent.includes(mark))?.[1]);
  return browser ? `${browser}${system ? ` on ${system}` : ""}` : "A browser";
}

/** Where one is signed in, each with its end. */
export function SessionsCard({ sessions }: { sessions: readonly OpenSession[] }) {
  const router = useRouter();
  const others = useAct(endOtherSessions, {
    success: "You are signed out everywhere else.",
    onDone: () => router.refresh(),
  });
  return (
    <Card padding="lg" component="section" aria-labelledby="sessions-title">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} id="sessions-title">
            Sessions
          </Title>
          {sessions.length > 1 && (
            <Button variant="default" size="xs" loading={others.isPending} onClick={() => void others.run({})}>
              Sign out everywhere else
            </Button>
          )}
        </Group>
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
          {sessions.map((session) => (
            <SessionRow key={session.sessionId} session={session} />
          ))}
        </Stack>
      </Stack>
    </Card>
  );
}

function SessionRow({
  session: { sessionId, startedAt, lastSeenAt, method, userAgent, isThis },
}: {
  session: OpenSession;
}) {
  const router = useRouter();
  const end = useAct(endSession, { success: "That session has ended.", onDone: () => router.refresh() });
  const isPhone = /Android|iPhone|Mobile/.test(userAgent);
  const device = deviceOf(userAgent);
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="sm">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <ThemeIcon variant="light" color="gray" size={36} radius="md" aria-hidden>
          {isPhone ? <IconDeviceMobile size={18} /> : <IconDeviceDesktop size={18} />}
        </ThemeIcon>
        <Stack gap={0} miw={0}>
          <Group gap={8}>
            <Text fz="sm" fw={500}>
              {device}
            </Text>
            {isThis && (
              <Badge color="teal" size="sm">
                This browser
              </Badge>
            )}
          </Group>
          <Text fz="xs" c="dimmed">
            Signed in <Moment at={startedAt} tabStop /> {METHODS[method] ?? ""}, last used{" "}
            <Moment at={lastSeenAt} tabStop />
          </Text>
        </Stack>
      </Group>
      {!isThis && (
        <Button
          variant="subtle"
          color="red"
          size="xs"
          loading={end.isPending}
          onClick={() => void end.run({ sessionId })}
          aria-label={`End the session of ${device}`}
        >
          End
        </Button>
      )}
    </Group>
  );
}

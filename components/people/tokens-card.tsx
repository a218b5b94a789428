"use client";

import { Badge, Button, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Moment } from "@/components/ui/moment";
import { useAct } from "@/components/ui/use-act";
import { revokeToken } from "@/lib/connect/actions/tokens";
import type { Token } from "@/lib/connect/schema/token";
import { NewTokenDialog } from "./new-token-dialog";

/** Tokens with which programs act in one's name. */
export function TokensCard({ tokens }: { tokens: readonly Token[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card padding="lg" component="section" aria-labelledby="tokens-title">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <Stack gap={2} maw={520}>
            <Title order={2} id="tokens-title">
              API tokens
            </Title>
            <Text fz="sm" c="dimmed">
              A program that has one acts in your name, within what you allow it.
            </Text>
          </Stack>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen(true)}>
            New token
          </Button>
        </Group>
        {tokens.length === 0 ? (
          <Text fz="sm" c="dimmed">
            You have none.
          </Text>
        ) : (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
            {tokens.map((token) => (
              <TokenRow key={token.tokenId} token={token} />
            ))}
          </Stack>
        )}
      </Stack>
      <NewTokenDialog isOpen={isOpen} onClose={() => setOpen(false)} />
    </Card>
  );
}

function TokenRow({ token: { tokenId, name, hint, scopes, expiresAt, lastUsedAt, isExpired } }: { token: Token }) {
  const router = useRouter();
  const revoke = useAct(revokeToken, { success: `${name} is revoked.`, onDone: () => router.refresh() });
  const ask = async () => {
    const isSure = await confirm({
      title: `Revoke ${name}?`,
      text: "Programs that use it are refused from their next request on.",
      action: "Revoke the token",
      isDanger: true,
    });
    if (isSure) await revoke.run({ tokenId });
  };
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="sm">
      <Stack gap={2} miw={0}>
        <Group gap={8}>
          <Text fz="sm" fw={500}>
            {name}
          </Text>
          <Code fz="xs">{hint}…</Code>
          {scopes.map((scope) => (
            <Badge key={scope} color="gray" size="sm">
              {scope}
            </Badge>
          ))}
          {isExpired && (
            <Badge color="red" size="sm">
              Expired
            </Badge>
          )}
        </Group>
        <Text fz="xs" c="dimmed">
          {lastUsedAt ? (
            <>
              Last used <Moment at={lastUsedAt} tabStop />
            </>
          ) : (
            "Never used"
          )}
          , {isExpired ? "ended" : "ends"} <Moment at={expiresAt} tabStop />
        </Text>
      </Stack>
      <Button
        variant="subtle"
        color="red"
        size="xs"
        loading={revoke.isPending}
        onClick={() => void ask()}
        aria-label={`Revoke ${name}`}
      >
        Revoke
      </Button>
    </Group>
  );
}

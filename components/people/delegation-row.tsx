"use client";

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useTime } from "@/components/ui/clock";
import { confirm } from "@/components/ui/confirm";
import { useAct } from "@/components/ui/use-act";
import { answerDelegation, endDelegation } from "@/lib/people/actions/delegation";
import type { DelegationRow, DelegationState } from "@/lib/people/schema/delegation";
import { dayInWords } from "@/lib/people/schema/delegation-words";

const FACES: Readonly<Record<DelegationState, { label: string; color: string }>> = {
  asked: { label: "Not answered", color: "orange" },
  coming: { label: "Coming", color: "accent" },
  in_force: { label: "In force", color: "teal" },
  over: { label: "Over", color: "gray" },
  ended: { label: "Ended early", color: "gray" },
  withdrawn: { label: "Withdrawn", color: "gray" },
  declined: { label: "Declined", color: "gray" },
  lapsed: { label: "Never answered", color: "gray" },
};

/** Where it stands and for how long, in words and dates. */
function useSentence({ state, from, to, ended }: DelegationRow): string {
  const { now, zone } = useTime();
  const day = (at: string) => dayInWords(new Date(at), zone, now);
  const by = ended ? `${day(ended.at)}${ended.byName ? ` by ${ended.byName}` : ""}` : "";
  switch (state) {
    case "asked":
      return `Counts once accepted, from ${day(from)} until ${day(to)}`;
    case "coming":
      return `From ${day(from)} until ${day(to)}`;
    case "in_force":
      return `Until ${day(to)}, since ${day(from)}`;
    case "over":
      return `From ${day(from)} until ${day(to)}`;
    case "ended":
      return `Ended on ${by}`;
    case "withdrawn":
      return `Withdrawn on ${by}`;
    case "declined":
      return `Declined on ${by}`;
    case "lapsed":
      return `Was to be from ${day(from)} until ${day(to)}`;
  }
}

/** What it covers: "Expense, Leave; up to 5,000; may be passed on". */
function scopeOf({ processes, maxAmount, mayPassOn }: DelegationRow): string {
  const amount = maxAmount === null ? "" : `up to ${new Intl.NumberFormat("en").format(maxAmount)}`;
  const what = processes === null ? "All approvals" : processes.join(", ");
  return [what, amount, mayPassOn ? "may be passed on" : ""].filter(Boolean).join("; ");
}

/** One delegation: who for whom, where it stands, what it covers, and what the reader may do about it. */
export function DelegationLine({ row, title }: { row: DelegationRow; title: string }) {
  const { label, color } = FACES[row.state];
  const sentence = useSentence(row);
  return (
    <Group component="li" justify="space-between" align="flex-start" gap="sm" wrap="wrap">
      <Stack gap={2} miw={0} flex="1 1 260px">
        <Group gap={8}>
          <Text fz="sm" fw={550}>
            {title}
          </Text>
          <Badge color={color} size="sm">
            {label}
          </Badge>
        </Group>
        <Text fz="sm" suppressHydrationWarning>
          {sentence}
        </Text>
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {[scopeOf(row), row.reason, row.madeBy && `made by ${row.madeBy}`].filter(Boolean).join(" · ")}
        </Text>
      </Stack>
      <Deeds row={row} title={title} />
    </Group>
  );
}

function Deeds({
  row: { delegationId, delegator, delegate, mayAnswer, mayEnd },
  title,
}: {
  row: DelegationRow;
  title: string;
}) {
  const router = useRouter();
  const onDone = () => router.refresh();
  const accept = useAct(answerDelegation, { success: `You decide in ${delegator.name}'s place.`, onDone });
  const decline = useAct(answerDelegation, { success: `${delegator.name} is told that you cannot.`, onDone });
  const end = useAct(endDelegation, { success: "It has ended.", onDone });
  const askEnd = async () => {
    const text = `From now on ${delegate.name} decides nothing in ${delegator.name}'s place any more. Both are told.`;
    if (await confirm({ title: "End it now?", text, action: "End it", isDanger: true }))
      await end.run({ delegationId });
  };
  const isPending = accept.isPending || decline.isPending || end.isPending;
  return (
    <Group gap="xs">
      {mayAnswer && (
        <>
          <Button
            size="xs"
            loading={accept.isPending}
            disabled={isPending}
            onClick={() => void accept.run({ delegationId, accept: true })}
          >
            Accept
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={decline.isPending}
            disabled={isPending}
            onClick={() => void decline.run({ delegationId, accept: false })}
          >
            Decline
          </Button>
        </>
      )}
      {mayEnd && !mayAnswer && (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          loading={end.isPending}
          aria-label={`End: ${title}`}
          onClick={() => void askEnd()}
        >
          End
        </Button>
      )}
    </Group>
  );
}

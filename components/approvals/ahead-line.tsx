"use client";

import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchAnswer } from "@/components/ui/fetch-answer";
import type { Ahead } from "@/lib/approvals/schema";
import { workKeys } from "@/lib/work/keys";

/** A pointer on its way to another button asks nothing. */
const REST_MS = 120;

/** What would come of the outcome whose button is pointed at or focused, asked of the process itself. */
export function AheadLine({ workItemId, outcome }: { workItemId: string; outcome: string | null }) {
  const [asked] = useDebouncedValue(outcome, REST_MS);
  const ahead = useQuery({
    // Beneath the item's own key: whatever changes the item forgets what was foreseen of it.
    queryKey: [...workKeys.detail(workItemId), "ahead", asked],
    queryFn: ({ signal }) =>
      fetchAnswer<Ahead>(
        `/api/lists/work/${encodeURIComponent(workItemId)}/ahead?${new URLSearchParams({ outcome: asked ?? "" })}`,
        signal,
      ),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  if (asked === null) return null;
  return (
    <Text fz="xs" c="dimmed" lineClamp={3} aria-live="polite">
      {ahead.isError && "What happens next could not be worked out."}
      {ahead.isPending && "Working out what happens next…"}
      {ahead.data && inWords(ahead.data)}
    </Text>
  );
}

const ENDS: Readonly<Record<string, string>> = {
  approved: "It ends Approved.",
  rejected: "It ends Rejected.",
  canceled: "It ends Canceled.",
  recalled: "It ends Recalled.",
  error: "It would stop with an error.",
};

function inWords({ next, runs, mails, ends, stops }: Ahead): string {
  const goesTo = next.map(({ label, name }) => `${name} (${label})`).join(", ");
  const told = [...mails.names, ...(mails.more > 0 ? [`${mails.more} more`] : [])].join(", ");
  const sentences = [
    ends === null ? "" : (ENDS[ends] ?? ""),
    goesTo && `Next: ${goesTo}.`,
    runs.length > 0 ? `Runs ${runs.join(", ")}.` : "",
    told && `Mail to ${told}.`,
    ...stops,
  ].filter((sentence) => sentence !== "");
  return sentences.length > 0 ? sentences.join(" ") : "Nothing further follows until others have decided.";
}

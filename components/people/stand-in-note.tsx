"use client";

import { Text } from "@mantine/core";
import { useTime } from "@/components/ui/clock";
import type { StandIn } from "@/lib/people/schema/delegation";
import { dayInWords } from "@/lib/people/schema/delegation-words";

/** "Ben is away until Monday 4 May; Ana decides in their place." A line for each who is away. */
export function StandInNote({ standIns }: { standIns: readonly StandIn[] }) {
  const { now, zone } = useTime();
  const away = [...new Set(standIns.map(({ delegatorId }) => delegatorId))];
  return away.map((id) => {
    const all = standIns.filter(({ delegatorId }) => delegatorId === id);
    const until = all.map((one) => new Date(one.until)).reduce((last, at) => (at > last ? at : last), new Date(0));
    const names = [...new Set(all.map(({ delegateName }) => delegateName))].join(" or ");
    return (
      <Text key={id} component="span" display="block" fz="xs" suppressHydrationWarning>
        {`${all[0]?.delegatorName} is away until ${dayInWords(until, zone, now)}; ${names} decides in their place.`}
      </Text>
    );
  });
}

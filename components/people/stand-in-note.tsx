"use client";

import { Text } from "@mantine/core";
import { useTime } from "@/components/ui/clock";
import type { StandIn } from "@/lib/people/schema/delegation";
import { dayInWords } from "@/lib/people/schema/delegation-words";

/** "Ben is away until Monday 4 May; Ana decides in their place." A line for each who is away. */
export function StandInNote({ standIns, mt = 0 }: { standIns: readonly StandIn[]; mt?: number }) {
  const { now, zone } = useTime();
  const away = [...new Set(standIns.map(({ delegatorId }) => delegatorId))];
  return away.map((id) => (
    <Text key={id} component="span" display="block" fz="xs" mt={mt} suppressHydrationWarning>
      {inWords(
        standIns.filter(({ delegatorId }) => delegatorId === id),
        (until) => dayInWords(until, zone, now),
      )}
    </Text>
  ));
}

function inWords(all: readonly StandIn[], day: (until: Date) => string): string {
  const until = all.map((one) => new Date(one.until)).reduce((last, at) => (at > last ? at : last), new Date(0));
  const isOwn = all.some(({ reader }) => reader === "delegator");
  const isReader = all.some(({ reader }) => reader === "delegate");
  const names = all.flatMap(({ reader, delegateName }) => (reader === "delegate" ? [] : delegateName));
  const who = [...(isReader ? ["you"] : []), ...new Set(names)].join(" or ");
  const away = isOwn ? "You are" : `${all[0]?.delegatorName} is`;
  return `${away} away until ${day(until)}; ${who} ${isReader ? "decide" : "decides"} in ${isOwn ? "your" : "their"} place.`;
}

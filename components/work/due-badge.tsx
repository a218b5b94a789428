import { Badge } from "@mantine/core";
import { useTime } from "@/components/ui/clock";
import { Moment } from "@/components/ui/moment";

/** By when something is to be done; once that is over, since when, in another colour and other words. */
export function DueBadge({ at }: { at: string }) {
  const { now } = useTime();
  const isOver = new Date(at) <= now;
  return (
    <Badge size="sm" color={isOver ? "red" : "orange"} variant="light" tt="none" suppressHydrationWarning>
      {isOver ? "Was due" : "Due"} <Moment at={at} />
    </Badge>
  );
}

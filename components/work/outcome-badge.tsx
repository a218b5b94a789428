import { Badge } from "@mantine/core";
import { StatusBadge } from "@/components/ui/status-badge";

type Props = {
  /** "approve", "reject", or the name of a further outcome. */
  readonly outcome: string;
  /** What its author calls it, where that is known. */
  readonly label?: string | null;
  readonly size?: "sm" | "md";
};

/** What was decided: Approved, Rejected, or an outcome of the author's own in its words. */
export function OutcomeBadge({ outcome, label = null, size = "sm" }: Props) {
  if (outcome === "approve" || outcome === "reject")
    return <StatusBadge status={outcome === "approve" ? "approved" : "rejected"} size={size} />;
  return (
    <Badge color="gray" size={size} style={{ flexShrink: 0 }}>
      {label ?? inWords(outcome)}
    </Badge>
  );
}

/** "With_Conditions" is "With conditions". */
function inWords(name: string): string {
  const [first = "", ...rest] = name.split("_");
  return [first, ...rest.map((word) => word.toLowerCase())].join(" ");
}

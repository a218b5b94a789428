"use client";

import { Alert, Anchor, Stack, Text } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import { placeOf, type TextPlace } from "@/lib/check/places-of";
import type { Problem } from "@/lib/result";

type Props = {
  readonly kind: "problem" | "warning";
  readonly problems: readonly Problem[];
  readonly places: ReadonlyMap<string, TextPlace>;
  /** Absent where the text is not there to go to. */
  readonly onGo?: (place: TextPlace) => void;
};

/** Everything that was found, each with its place in the text; choosing one goes there. */
export function ProblemList({ kind, problems, places, onGo }: Props) {
  if (problems.length === 0) return null;
  const isProblem = kind === "problem";
  const words = isProblem
    ? problems.length === 1
      ? "1 problem keeps this from being activated"
      : `${problems.length} problems keep this from being activated`
    : problems.length === 1
      ? "1 thing to know"
      : `${problems.length} things to know`;
  return (
    <Alert
      color={isProblem ? "red" : "orange"}
      role={isProblem ? "alert" : "status"}
      icon={isProblem ? <IconAlertCircle size={18} /> : <IconAlertTriangle size={18} />}
      title={words}
    >
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {problems.map((problem) => (
          <Line
            key={`${problem.path} ${problem.message}`}
            problem={problem}
            place={placeOf(problem.path, places)}
            {...(onGo ? { onGo } : {})}
          />
        ))}
      </Stack>
    </Alert>
  );
}

function Line({
  problem: { path, message },
  place,
  onGo,
}: {
  problem: Problem;
  place: TextPlace | null;
  onGo?: (place: TextPlace) => void;
}) {
  const where = [path, place && onGo ? `line ${place.line}` : ""].filter(Boolean).join(", ");
  return (
    <li>
      <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
        {where &&
          (place && onGo ? (
            <Anchor
              component="button"
              type="button"
              fz="xs"
              ff="monospace"
              c="inherit"
              underline="always"
              ta="start"
              onClick={() => onGo(place)}
            >
              {where}
            </Anchor>
          ) : (
            <Text span fz="xs" ff="monospace">
              {where}
            </Text>
          ))}
        {where && " "}
        {message}
      </Text>
    </li>
  );
}

import { Alert, Text } from "@mantine/core";

/** Says which filters of the address were not understood and are not applied. */
export function DroppedFilters({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  const one = names.length === 1;
  return (
    <Alert color="orange" role="status">
      <Text fz="sm">
        The address asks to filter by {names.join(", ")} in a way that is not known, so {one ? "that" : "those"} is left
        out; what is listed may be more than was meant.
      </Text>
    </Alert>
  );
}

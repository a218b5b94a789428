import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** Widths of the two lines of each row, in percent: uneven, as real rows are. */
const ROWS = ["62 40", "50 30", "38 44", "58 28", "46 36", "64 32", "42 38", "54 26"].map((pair) => pair.split(" "));

/** Stands where rows will be, at their real height (56 px unless said). */
export function SkeletonRows({ height = 56 }: { height?: number }) {
  return (
    <Stack gap={1} aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {ROWS.map(([first, second]) => (
        <Stack key={first} h={height} justify="center" gap={8} px="md">
          <Skeleton h={12} w={`${first}%`} />
          <Skeleton h={9} w={`${second}%`} />
        </Stack>
      ))}
    </Stack>
  );
}

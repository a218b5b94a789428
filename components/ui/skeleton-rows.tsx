import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** Stands where rows will be, at their real height (56 px unless said). */
export function SkeletonRows({ count = 8, height = 56 }: { count?: number; height?: number }) {
  return (
    <Stack gap={1} aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {Array.from({ length: count }, (_, row) => (
        <Stack key={`row-${row + 1}`} h={height} justify="center" gap={8} px="md">
          <Skeleton h={12} w={`${62 - (row % 3) * 12}%`} />
          <Skeleton h={9} w={`${40 - (row % 2) * 10}%`} />
        </Stack>
      ))}
    </Stack>
  );
}

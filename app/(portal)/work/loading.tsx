import { Box } from "@mantine/core";
import { SkeletonRows } from "@/components/ui/skeleton-rows";

export default function Loading() {
  return (
    <Box maw={440} pt={104}>
      <SkeletonRows height={60} />
    </Box>
  );
}

import { Box } from "@mantine/core";
import { SkeletonRows } from "@/components/ui/skeleton-rows";

export default function Loading() {
  return (
    <Box p="xl">
      <SkeletonRows />
    </Box>
  );
}

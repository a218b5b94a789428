import { Button, Center } from "@mantine/core";

/** The rest of a list, by the next page. Nothing when there is none. */
export function LoadMore({ hasMore, isLoading, onMore }: { hasMore: boolean; isLoading: boolean; onMore: () => void }) {
  if (!hasMore) return null;
  return (
    <Center py="sm">
      <Button variant="default" size="xs" loading={isLoading} onClick={onMore}>
        Show more
      </Button>
    </Center>
  );
}

import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import type { Upload } from "./use-uploads";

type Props = {
  readonly upload: Upload;
  readonly onTryAgain: () => void;
  readonly onPutAway: () => void;
};

/** A file on its way, or why it was not taken. */
export function UploadRow({ upload: { file, state, share, message }, onTryAgain, onPutAway }: Props) {
  const isUnderWay = state === "waiting" || state === "sending";
  return (
    <Stack component="li" gap={6} py={10}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        {isUnderWay ? (
          <Text fz="sm" truncate>
            <bdi>{file.name}</bdi>
          </Text>
        ) : (
          <Text fz="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: "anywhere" }}>
            {message}
          </Text>
        )}
        <Group gap={4} wrap="nowrap">
          {state === "broken" && (
            <Button size="compact-sm" variant="default" onClick={onTryAgain} aria-label={`Try ${file.name} again`}>
              Try again
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={onPutAway}
            aria-label={`${isUnderWay ? "Stop attaching" : "Put away"} ${file.name}`}
          >
            {isUnderWay ? "Stop" : "Put away"}
          </Button>
        </Group>
      </Group>
      {isUnderWay && <Progress value={share * 100} size="sm" aria-label={`${file.name} on its way`} />}
    </Stack>
  );
}

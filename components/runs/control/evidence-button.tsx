import { Button } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";

/** The run's history, with what each approver saw, as a file that can be checked without Baton. */
export function EvidenceButton({ runId, size }: { runId: string; size?: "xs" }) {
  return (
    <Button
      component="a"
      href={`/api/lists/runs/${runId}/evidence`}
      download
      variant="default"
      leftSection={<IconFileExport size={16} />}
      {...(size && { size })}
    >
      Export evidence
    </Button>
  );
}

"use client";

import { Button, Checkbox } from "@mantine/core";
import { IconArrowBackUp, IconBan } from "@tabler/icons-react";
import { useState } from "react";
import { ReasonDialog } from "@/components/runs/control/reason-dialog";
import { recallSubmission } from "@/lib/approvals/actions";
import type { Trace } from "@/lib/approvals/schema";
import { cancelRun } from "@/lib/runs/actions";

type Props = { readonly submission: Pick<Trace, "runId" | "recallPath" | "mayRecall" | "mayCancel"> };

/** Recall for the submitter, Cancel for admins; both say what runs because of it. */
export function TakeBack({ submission: { runId, recallPath, mayRecall, mayCancel } }: Props) {
  const [open, setOpen] = useState<"recall" | "cancel" | null>(null);
  const [runsPath, setRunsPath] = useState(true);
  const close = () => setOpen(null);
  return (
    <>
      {mayRecall && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={16} />}
          onClick={() => setOpen("recall")}
        >
          Recall
        </Button>
      )}
      {mayCancel && (
        <Button size="xs" variant="default" leftSection={<IconBan size={16} />} onClick={() => setOpen("cancel")}>
          Cancel submission
        </Button>
      )}
      {open === "recall" && (
        <ReasonDialog
          act={recallSubmission}
          input={() => ({ runId })}
          title="Recall this submission?"
          effect={`Whoever has it to decide is asked no longer, and it ends Recalled. ${
            recallPath ? `Then the recall path “${recallPath.label}” runs. ` : ""
          }It cannot be taken up again; you can submit anew.`}
          submit="Recall"
          success="Recalled"
          isDanger
          onClose={close}
        />
      )}
      {open === "cancel" && (
        <ReasonDialog
          act={cancelRun}
          input={() => ({ runId, withRecallPath: runsPath })}
          title="Cancel this submission?"
          effect="It ends Canceled for ever, and whoever has it to decide is asked no longer."
          submit="Cancel submission"
          success="Canceled"
          isDanger
          onClose={close}
        >
          {recallPath && (
            <Checkbox
              label={`Run the recall path “${recallPath.label}”`}
              checked={runsPath}
              onChange={(event) => setRunsPath(event.currentTarget.checked)}
            />
          )}
        </ReasonDialog>
      )}
    </>
  );
}

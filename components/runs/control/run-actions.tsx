"use client";

import { Button, Menu } from "@mantine/core";
import {
  IconArrowForwardUp,
  IconBan,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
} from "@tabler/icons-react";
import { useState } from "react";
import { cancelRun, resumeRun, suspendRun } from "@/lib/runs/actions";
import type { RunControl } from "@/lib/runs/schema/run-control";
import { GoToStageDialog } from "./go-to-stage-dialog";
import { ReasonDialog } from "./reason-dialog";
import { RetryDialog } from "./retry-dialog";

type Open = "suspend" | "resume" | "retry" | "go-to" | "cancel";

/** What an admin can do to a run as it stands; what cannot be done now is not there. The first thing to do is a button, the rest a menu. */
export function RunActions({ control }: { control: RunControl }) {
  const [open, setOpen] = useState<Open | null>(null);
  const { mayResume, maySuspend, mayCancel, retry, goTo } = control;
  return (
    <>
      {retry && (
        <Button leftSection={<IconRefresh size={16} />} onClick={() => setOpen("retry")}>
          Try again
        </Button>
      )}
      {mayResume && (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => setOpen("resume")}>
          Resume
        </Button>
      )}
      {(maySuspend || mayCancel || goTo) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label="What can be done to this run">
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {maySuspend && (
              <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => setOpen("suspend")}>
                Suspend…
              </Menu.Item>
            )}
            {goTo && (
              <Menu.Item leftSection={<IconArrowForwardUp size={16} />} onClick={() => setOpen("go-to")}>
                Go to stage…
              </Menu.Item>
            )}
            {mayCancel && (
              <Menu.Item color="red" leftSection={<IconBan size={16} />} onClick={() => setOpen("cancel")}>
                Cancel run…
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {open && <OpenDialog open={open} control={control} onClose={() => setOpen(null)} />}
    </>
  );
}

function OpenDialog({ open, control, onClose }: { open: Open; control: RunControl; onClose: () => void }) {
  const { runId, retry, goTo } = control;
  const input = () => ({ runId });
  switch (open) {
    case "retry":
      return retry && <RetryDialog runId={runId} retry={retry} onClose={onClose} />;
    case "go-to":
      return goTo && <GoToStageDialog runId={runId} goTo={goTo} onClose={onClose} />;
    case "suspend":
      return (
        <ReasonDialog
          act={suspendRun}
          input={input}
          title="Suspend this run"
          effect="No step starts any more until the run is resumed. What people and flows are doing may be finished meanwhile, and takes effect when the run is resumed."
          submit="Suspend the run"
          success="The run is suspended."
          onClose={onClose}
        />
      );
    case "resume":
      return (
        <ReasonDialog
          act={resumeRun}
          input={input}
          title="Resume this run"
          effect="What was finished or failed meanwhile takes effect first, then everything is looked at again and the run goes on."
          submit="Resume the run"
          success="The run goes on."
          onClose={onClose}
        />
      );
    case "cancel":
      return (
        <ReasonDialog
          act={cancelRun}
          input={input}
          title="Cancel this run"
          effect="Open work items are withdrawn and nothing more starts. What finished steps have written stays. This cannot be undone."
          submit="Cancel the run"
          success="The run was canceled."
          isDanger
          onClose={onClose}
        />
      );
  }
}

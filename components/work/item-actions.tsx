"use client";

import { Button, Group } from "@mantine/core";
import { IconArrowBackUp, IconHandGrab } from "@tabler/icons-react";
import { SteerButtons } from "@/components/approvals/steer-buttons";
import { ReassignButton } from "@/components/runs/reassign-dialog";
import { confirm } from "@/components/ui/confirm";
import { useAct } from "@/components/ui/use-act";
import { claimItem, releaseItem } from "@/lib/work/actions/claim";
import type { WorkDetail } from "@/lib/work/schema";

/** What one can do with an item besides its work: take it, put it back, take it over, hand it on. */
export function ItemActions({ detail, onChanged }: { detail: WorkDetail; onChanged: () => void }) {
  const {
    item: { workItemId, claimedBy, assignee },
  } = detail;
  const claim = useAct(claimItem, { success: "It is yours now; others see that you are on it.", onDone: onChanged });
  const release = useAct(releaseItem, { success: `Back with ${assignee.name}.`, onDone: onChanged });
  const takeOver = async () => {
    const isSure = await confirm({
      title: "Take this work over?",
      action: "Take it over",
      text: `${claimedBy?.name ?? "Somebody"} is on it. They see at once that it is yours, and what they typed stays theirs.`,
    });
    if (isSure) await claim.run({ workItemId, takeOver: true });
  };
  const { approval } = detail;
  const maySteer = approval !== null && (approval.mayAsk || approval.mayOverride || approval.mayAddApprover);
  if (!(detail.mayClaim || detail.mayTakeOver || detail.mayRelease || detail.mayReassign || maySteer)) return null;
  return (
    <Group gap="xs">
      {detail.mayClaim && !claimedBy && (
        <Button
          size="xs"
          variant="light"
          leftSection={<IconHandGrab size={16} />}
          loading={claim.isPending}
          onClick={() => void claim.run({ workItemId })}
        >
          Claim
        </Button>
      )}
      {detail.mayTakeOver && (
        <Button size="xs" variant="default" loading={claim.isPending} onClick={() => void takeOver()}>
          Take over
        </Button>
      )}
      {detail.mayRelease && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={16} />}
          loading={release.isPending}
          onClick={() => void release.run({ workItemId })}
        >
          Release
        </Button>
      )}
      {approval && <SteerButtons workItemId={workItemId} approval={approval} onChanged={onChanged} />}
      {detail.mayReassign && <ReassignButton workItemIds={[workItemId]} onDone={onChanged} />}
    </Group>
  );
}

"use client";

import { Alert, Button, Skeleton, Stack, Tabs } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { ActionBarPane } from "@/components/ui/action-bar";
import { Empty } from "@/components/ui/empty";
import type { Finished } from "@/lib/interviews/schema";
import type { WorkDetail } from "@/lib/work/schema";
import { ItemActions } from "./item-actions";
import { ItemBody } from "./item-body";
import classes from "./item-detail.module.css";
import { ItemHeader } from "./item-header";
import { ItemHistory } from "./item-history";
import { useItem } from "./use-item";
import { WhyPanel } from "./why-panel";

type Props = {
  readonly workItemId: string;
  readonly first?: WorkDetail | null;
  readonly suggested?: string | null;
  readonly showsRecord?: boolean;
  /** Moves the focus to the heading when it opens; not where the page opened with it. */
  readonly takesFocus: boolean;
  readonly onFinished: (finished: Finished, said: string) => void;
};

const TABS = { approval: "Decision", question: "Question", revision: "Revision", interactive: "Work" } as const;

/** One work item, whole: on the desk of My work and in the Work Guide of a record. Give it `key={workItemId}`. */
export function ItemDetail({
  workItemId,
  first = null,
  suggested = null,
  showsRecord = true,
  takesFocus,
  onFinished,
}: Props) {
  const { detail, opened, isGone, isLoading, isError, again } = useItem(workItemId, first);
  const heading = useRef<HTMLHeadingElement>(null);
  const isThere = detail !== null;
  useEffect(() => {
    if (isThere && takesFocus) heading.current?.focus({ preventScroll: true });
  }, [isThere, takesFocus]);
  if (isLoading) return <DetailSkeleton />;
  if (!detail) return isError ? <NotLoaded onAgain={again} /> : <NotThere />;
  return (
    <ActionBarPane className={classes.pane} label={detail.item.label}>
      <div className={classes.detail}>
        <div className={classes.head}>
          <ItemHeader detail={detail} headingRef={heading} showsRecord={showsRecord} />
          {!isGone && <ItemActions detail={detail} onChanged={again} />}
          <WhyPanel why={detail.why} proof={detail.proof} />
        </div>
        <Tabs defaultValue="work" keepMounted>
          <Tabs.List mb="lg">
            <Tabs.Tab value="work">{TABS[detail.item.kind]}</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="work">
            <Stack gap="lg">
              <ItemBody
                detail={detail}
                opened={opened ?? detail}
                isGone={isGone}
                suggested={suggested}
                onFinished={onFinished}
              />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <ItemHistory history={detail.history} soFar={detail.soFar} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </ActionBarPane>
  );
}

function DetailSkeleton() {
  return (
    <Stack className={classes.detail ?? ""} gap="md" aria-busy="true" role="status" aria-label="Opening the work item">
      <Skeleton h={12} w={180} />
      <Skeleton h={26} w={320} />
      <Skeleton h={14} w={420} maw="100%" />
      <Skeleton h={48} mt="md" />
      <Skeleton h={160} />
    </Stack>
  );
}

function NotThere() {
  return (
    <Empty
      icon={<IconMapOff size={24} stroke={1.5} />}
      title="This work is not here"
      text="It does not exist, or it is not yours to see any more. It may have been given to somebody else."
    />
  );
}

function NotLoaded({ onAgain }: { onAgain: () => void }) {
  return (
    <Alert color="orange" m="lg" role="alert" title="The work item could not be loaded">
      Nothing was lost.{" "}
      <Button size="xs" variant="default" ml="sm" onClick={onAgain}>
        Try again
      </Button>
    </Alert>
  );
}

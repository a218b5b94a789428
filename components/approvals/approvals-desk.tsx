"use client";

import { IconListSearch } from "@tabler/icons-react";
import { Empty } from "@/components/ui/empty";
import { BackToList } from "@/components/work/back-to-list";
import { ItemDetail } from "@/components/work/item-detail";
import desk from "@/components/work/work-desk.module.css";
import type { ApprovalView, WorkDetail } from "@/lib/work/schema";
import { ApprovalsList } from "./approvals-list";
import { DecideMany } from "./decide-many";
import { RejectDialog } from "./reject-dialog";
import type { RowPage } from "./use-approvals";
import { useApprovalsDesk } from "./use-approvals-desk";

type Props = {
  readonly view: ApprovalView;
  readonly search: string;
  readonly process: string;
  readonly processes: readonly { readonly value: string; readonly label: string }[];
  readonly first: { readonly page: RowPage; readonly detail: WorkDetail | null };
};

/** My approvals: the list with its keys, beside it what is open, and what is decided together. */
export function ApprovalsDesk({ view, search, process, processes, first }: Props) {
  const state = useApprovalsDesk({ view, search, process }, first.page);
  const { at, list, quick, chosen, rejected, isMany, isOpened, searchBox, mayDecide, shown, roving } = state;
  return (
    <div className={desk.desk} data-open={at.itemId ? true : undefined}>
      <ApprovalsList
        {...{ view, search, process, processes, list, shown, roving, chosen, searchBox }}
        mayDecide={mayDecide}
        openId={at.itemId}
        refused={quick.refused}
        onForget={quick.forget}
        onOpen={state.open}
        onChoose={state.choose}
        onChooseAll={(rows) => state.chooseAll(rows)}
        onMany={() => state.setMany(true)}
      />
      <div className={desk.detail}>
        <BackToList heading="My approvals" onBack={at.close} />
        {at.itemId ? (
          <ItemDetail
            key={at.itemId}
            workItemId={at.itemId}
            takesFocus={isOpened}
            onFinished={state.finished}
            first={first.detail?.item.workItemId === at.itemId ? first.detail : null}
          />
        ) : (
          shown.length > 0 && <NothingOpen mayDecide={mayDecide} />
        )}
      </div>
      {rejected && (
        <RejectDialog
          what={rejected.record?.name ?? rejected.label}
          firstComments={quick.refused[rejected.workItemId]?.comments ?? ""}
          needsReason={rejected.needsReason.reject}
          onClose={() => state.setRejected(null)}
          onReject={(comments) => {
            state.setRejected(null);
            state.decide(rejected, "reject", comments);
          }}
        />
      )}
      {isMany && <DecideMany rows={[...chosen.values()]} onDone={state.forget} onClose={() => state.setMany(false)} />}
    </div>
  );
}

function NothingOpen({ mayDecide }: { mayDecide: boolean }) {
  return (
    <Empty
      icon={<IconListSearch size={24} stroke={1.5} />}
      title="Choose a request"
      text={
        mayDecide
          ? "J and K move, Enter opens, A approves, R rejects, X selects it for deciding several together."
          : "Open it from the list to see what was asked and what became of it."
      }
    />
  );
}

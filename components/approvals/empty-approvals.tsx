import { IconChecks, IconCircleCheck, IconSend, IconUserShare } from "@tabler/icons-react";
import { EmptyList, type Face } from "@/components/ui/empty-list";
import type { ApprovalView } from "@/lib/work/schema";

const FACES: Readonly<Record<ApprovalView, Face>> = {
  decide: {
    title: "You are all caught up",
    text: "Nothing waits for your decision. When something does, it appears here by itself and a mail tells you.",
    Icon: IconChecks,
    link: ["/approvals?view=decided", "See what you decided"],
  },
  decided: {
    title: "Nothing decided yet",
    text: "What you decide is kept here, with what you said and what became of it.",
    Icon: IconCircleCheck,
    link: ["/approvals?view=decide", "See what waits for you"],
  },
  requested: {
    title: "You have not asked for an approval yet",
    text: "Open a record and press Request approval: who has it to decide is shown here.",
    Icon: IconSend,
    link: ["/records", "Open the records"],
  },
  delegated: {
    title: "Nothing to decide for others",
    text: "While somebody is away and you decide in their place, their requests are here.",
    Icon: IconUserShare,
    link: ["/account/delegations", "See who decides for whom"],
  },
};

type Props = { readonly view: ApprovalView; readonly isFiltered: boolean; readonly onClear: () => void };

/** Why a view of My approvals is empty. */
export const EmptyApprovals = ({ view, isFiltered, onClear }: Props) => (
  <EmptyList
    face={FACES[view]}
    filtered={isFiltered ? { text: "No request in this view fits.", button: "Show all of them", onClear } : null}
  />
);

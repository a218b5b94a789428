import { IconChecks, IconCircleCheck, IconHourglassEmpty, IconSend, IconUsersGroup } from "@tabler/icons-react";
import { EmptyList, type Face } from "@/components/ui/empty-list";
import type { WorkView } from "@/lib/work/schema";

export const VIEW_TITLES: Readonly<Record<WorkView, string>> = {
  now: "For me now",
  waiting: "Waiting on others",
  groups: "My groups",
  requests: "Requests I made",
  done: "Done",
};

const FACES: Readonly<Record<WorkView, Face>> = {
  now: {
    title: "You are all caught up",
    text: "Nothing waits for you. When a step reaches you, it appears here by itself and a mail tells you.",
    Icon: IconChecks,
    link: ["/work?view=groups", "See what your groups have"],
  },
  waiting: {
    title: "Nobody owes you anything",
    text: "Work that others have to do in runs you started is listed here, with who has it and since when.",
    Icon: IconHourglassEmpty,
    link: ["/work?view=requests", "See your requests"],
  },
  groups: {
    title: "No open work in your groups",
    text: "Work for a group or queue you belong to waits here until one of you takes it.",
    Icon: IconUsersGroup,
    link: ["/work?view=now", "See your own work"],
  },
  requests: {
    title: "You have not started anything yet",
    text: "A run starts when you create or change a record that a process watches, or from a button on its page.",
    Icon: IconSend,
    link: ["/records", "Open the records"],
  },
  done: {
    title: "Nothing finished yet",
    text: "What you complete, approve or reject is kept here with what you said.",
    Icon: IconCircleCheck,
    link: ["/work?view=now", "See your work"],
  },
};

/** Why a view is empty: nothing matches, or what the view is for and where to look instead. */
export function EmptyView({ view, isSearch, onClear }: { view: WorkView; isSearch: boolean; onClear: () => void }) {
  const text = "No work in this view has these words in its name, record or process.";
  return <EmptyList face={FACES[view]} filtered={isSearch ? { text, button: "Clear the search", onClear } : null} />;
}

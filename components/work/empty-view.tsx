import { Button } from "@mantine/core";
import {
  IconChecks,
  IconCircleCheck,
  IconHourglassEmpty,
  IconSearchOff,
  IconSend,
  IconUsersGroup,
} from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Empty } from "@/components/ui/empty";
import type { WorkView } from "@/lib/work/schema";

export const VIEW_TITLES: Readonly<Record<WorkView, string>> = {
  now: "For me now",
  waiting: "Waiting on others",
  groups: "My groups",
  requests: "Requests I made",
  done: "Done",
};

type Face = {
  readonly title: string;
  readonly text: string;
  readonly icon: ReactNode;
  readonly link: { readonly href: string; readonly label: string };
};

const FACES: Readonly<Record<WorkView, Face>> = {
  now: {
    title: "You are all caught up",
    text: "Nothing waits for you. When a step reaches you, it appears here by itself and a mail tells you.",
    icon: <IconChecks size={24} stroke={1.5} />,
    link: { href: "/work?view=groups", label: "See what your groups have" },
  },
  waiting: {
    title: "Nobody owes you anything",
    text: "Work that others have to do in runs you started is listed here, with who has it and since when.",
    icon: <IconHourglassEmpty size={24} stroke={1.5} />,
    link: { href: "/work?view=requests", label: "See your requests" },
  },
  groups: {
    title: "No open work in your groups",
    text: "Work for a group or queue you belong to waits here until one of you takes it.",
    icon: <IconUsersGroup size={24} stroke={1.5} />,
    link: { href: "/work?view=now", label: "See your own work" },
  },
  requests: {
    title: "You have not started anything yet",
    text: "A run starts when you create or change a record that a process watches, or from a button on its page.",
    icon: <IconSend size={24} stroke={1.5} />,
    link: { href: "/records", label: "Open the records" },
  },
  done: {
    title: "Nothing finished yet",
    text: "What you complete, approve or reject is kept here with what you said.",
    icon: <IconCircleCheck size={24} stroke={1.5} />,
    link: { href: "/work?view=now", label: "See your work" },
  },
};

/** Why a view is empty: nothing matches, or what the view is for and where to look instead. */
export function EmptyView({ view, isSearch, onClear }: { view: WorkView; isSearch: boolean; onClear: () => void }) {
  if (isSearch) {
    return (
      <Empty
        icon={<IconSearchOff size={24} stroke={1.5} />}
        title="Nothing matches"
        text="No work in this view has these words in its name, record or process."
        action={
          <Button variant="default" size="xs" mt="xs" onClick={onClear}>
            Clear the search
          </Button>
        }
      />
    );
  }
  const { title, text, icon, link } = FACES[view];
  return (
    <Empty
      icon={icon}
      title={title}
      text={text}
      action={
        <Button component={Link} href={link.href} variant="default" size="xs" mt="xs">
          {link.label}
        </Button>
      }
    />
  );
}

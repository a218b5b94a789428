import { Button } from "@mantine/core";
import { IconSearchOff, type TablerIcon } from "@tabler/icons-react";
import { Empty } from "./empty";
import { Link } from "./link";

/** What a list is for, where it has nothing, and where to look instead. */
export type Face = {
  readonly title: string;
  readonly text: string;
  readonly Icon: TablerIcon;
  readonly link: readonly [href: string, label: string];
};

type Props = {
  readonly face: Face;
  /** What hides rows, if something does: the sentence about it, and the button that takes it away. */
  readonly filtered: { readonly text: string; readonly button: string; readonly onClear: () => void } | null;
};

/** Why a list is empty: nothing matches, or there is nothing; with the one thing to do about it. */
export function EmptyList({ face: { title, text, Icon, link }, filtered }: Props) {
  const [href, label] = link;
  return filtered ? (
    <Empty
      icon={<IconSearchOff size={24} stroke={1.5} />}
      title="Nothing matches"
      text={filtered.text}
      action={
        <Button variant="default" size="xs" mt="xs" onClick={filtered.onClear}>
          {filtered.button}
        </Button>
      }
    />
  ) : (
    <Empty
      icon={<Icon size={24} stroke={1.5} />}
      title={title}
      text={text}
      action={
        <Button component={Link} href={href} variant="default" size="xs" mt="xs">
          {label}
        </Button>
      }
    />
  );
}

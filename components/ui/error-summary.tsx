"use client";

import { Alert, Anchor, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Problem } from "@/lib/result";

type Props = {
  readonly problems: readonly Problem[];
  /** The id of the control of a problem's path; without one the line is plain text. */
  readonly idOf?: (path: string) => string | null;
  readonly labelOf?: (path: string) => string | null;
  /** For what belongs to no field. */
  readonly title?: string;
};

/** Everything that keeps a form from being taken, above it, each line leading to its field. It takes the focus when it appears. */
export function ErrorSummary({ problems, idOf = (path) => path, labelOf = () => null, title }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const has = problems.length > 0;
  useEffect(() => {
    if (has) box.current?.focus();
  }, [has]);
  if (!has) return null;
  const heading =
    title ?? (problems.length === 1 ? "Please review 1 field" : `Please review ${problems.length} fields`);
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertCircle size={18} />}
      title={heading}
    >
      <List fz="sm" spacing={2} withPadding={false} listStyleType="none">
        {problems.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            <Line id={idOf(path)} text={labelled(labelOf(path), message)} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

const labelled = (label: string | null, message: string): string =>
  label && !message.startsWith(label) ? `${label}: ${message}` : message;

function Line({ id, text }: { id: string | null; text: string }) {
  if (!id) return text;
  const go = (event: { preventDefault: () => void }) => {
    const target = document.getElementById(id);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: "center" });
  };
  return (
    <Anchor href={`#${id}`} c="inherit" underline="always" fz="sm" onClick={go}>
      {text}
    </Anchor>
  );
}

import type { Difference, WorkDetail } from "../schema";

type Shown = Pick<WorkDetail, "facts" | "files">;

/** What an approver is shown now and was not when they opened it: fields by label, attachments by what they are. */
export function changedWhileOpen(opened: Shown, now: Shown): Difference[] {
  const labels = [...new Set([...opened.facts, ...now.facts].map(({ label }) => label))];
  const fields = labels.flatMap((label) => {
    const [before, after] = [shownAt(opened, label), shownAt(now, label)];
    return before === after ? [] : [{ label, before, after }];
  });
  return [...fields, ...filesBut(opened, now, "removed"), ...filesBut(now, opened, "attached")];
}

const shownAt = ({ facts }: Shown, label: string): string => facts.find((fact) => fact.label === label)?.value ?? "";

/** Files that only one of the two has. */
const filesBut = (one: Shown, other: Shown, what: "removed" | "attached"): Difference[] =>
  one.files
    .filter(({ id }) => !other.files.some((file) => file.id === id))
    .map(({ name }) => ({
      label: `Attachment ${name}`,
      before: what === "removed" ? "attached" : "",
      after: what,
    }));

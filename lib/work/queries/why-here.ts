import type { ItemFlag } from "../../engine/state";
import type { Proof } from "../../logic/schema";
import { textOf } from "../../logic/text-of";

export type Desk = {
  readonly proof: Proof | null;
  readonly stageLabel: string;
  /** Labels of steps by API name, for conditions that name one. */
  readonly stepLabels: ReadonlyMap<string, string>;
  readonly assigneeName: string;
  readonly flag: ItemFlag | null;
  /** Of what was sent back to its submitter, and of a question: by whom. */
  readonly asked: { readonly kind: "revision" | "question"; readonly byName: string } | null;
  /** The last reassignment, if there was one. */
  readonly moved: { readonly byName: string; readonly reason: string } | null;
};

/** Why a work item is on that desk, in a sentence or two, read from what its step saw when it began (A16, portal E1). */
export function whyHere(desk: Desk): string {
  const { asked, moved } = desk;
  if (asked === null) return `Here because ${beganBecause(desk)}. ${assigned(desk)}`;
  const why = asked.kind === "revision" ? `${asked.byName} sent it back` : `${asked.byName} asks before deciding`;
  return moved ? `Here because ${why}. ${assigned(desk)}` : `Here because ${why}.`;
}

/** Why its step began, as the end of a sentence. */
export function beganBecause({
  proof,
  stageLabel,
  stepLabels,
}: Pick<Desk, "proof" | "stageLabel" | "stepLabels">): string {
  if (!proof || proof.logic === "none") return `the stage “${stageLabel}” began`;
  const rows = proof.requirements.filter(({ met }) => met);
  const [row] = rows;
  if (proof.logic === "flow") return `the flow “${row?.left ?? ""}” said so`;
  const step =
    rows.length === 1 && row?.left.endsWith(".Status") && row.rightValue === "Completed"
      ? stepLabels.get(row.left.split(".")[0] ?? "")
      : undefined;
  if (step) return `“${step}” was completed`;
  if (rows.length === 0) return "its condition held";
  return rows
    .map(
      ({ left, leftValue }) =>
        `${fieldInWords(left)} was ${leftValue === null ? "empty" : `“${textOf(leftValue).slice(0, 200)}”`}`,
    )
    .join(" and ");
}

/** A field of the record as whoever decides may read it: `$Record.Payment_Terms` is "Payment Terms". Other references stay as they are. */
const fieldInWords = (path: string): string =>
  path.startsWith("$Record.") ? path.slice("$Record.".length).replaceAll("__r.", " ").replaceAll("_", " ") : path;

function assigned({ assigneeName, flag, moved }: Desk): string {
  if (moved && flag !== "nobody_left")
    return `${moved.byName} gave it to ${assigneeName}${moved.reason ? `: ${moved.reason}` : "."}`;
  if (flag === "inactive_assignee") return `It went to ${assigneeName}, because its own assignee is no longer active.`;
  if (flag === "nobody_left")
    return `The process assigns it to ${assigneeName}, where nobody was left who could do it.`;
  return flag === "fallback"
    ? `It went to ${assigneeName}, because its own assignee could not be found.`
    : `The process assigns it to ${assigneeName}.`;
}

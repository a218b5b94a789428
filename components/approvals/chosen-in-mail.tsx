import { Alert } from "@mantine/core";
import type { ApprovalDetail } from "@/lib/work/schema";

type Outcomes = Pick<ApprovalDetail, "outcomes">;

/** The outcome that a mail's button named, if the step has it. */
export const outcomeChosen = ({ outcomes }: Outcomes, suggested: string | null) =>
  outcomes.find(({ name }) => name.toLowerCase() === suggested?.toLowerCase()) ?? null;

/** What a mail's button said. Nothing is decided by opening a page (reliability, finding 4). */
export function ChosenInMail({ approval, suggested, until }: Props) {
  const chosen = outcomeChosen(approval, suggested);
  return (
    chosen && (
      <Alert color="accent" variant="light">
        You chose {chosen.label} in the mail. Nothing is decided until you {until}.
      </Alert>
    )
  );
}

type Props = {
  readonly approval: Outcomes;
  readonly suggested: string | null;
  /** What decides, e.g. "press the button here". */
  readonly until: string;
};

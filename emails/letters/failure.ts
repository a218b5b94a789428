import type { MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

export function failureLetter(
  {
    processLabel,
    recordName,
    path,
    error,
    isCaught = false,
    step = null,
    trace = [],
    passed = [],
  }: MailContents["failure"],
  recipientName: string,
): Letter {
  const what = recordName ? `${processLabel} for ${recordName}` : processLabel;
  return {
    subject: oneLine(isCaught ? `Stage failed, run went on: ${what}` : `Run failed: ${what}`),
    preview: oneLine(error),
    heading: isCaught ? "A stage failed, and its run went on" : "A run failed",
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [
      oneLine(
        isCaught
          ? `A run of ${what} has followed the fault path of a stage that failed.`
          : `A run of ${what} has stopped. Nothing more happens in it until somebody tries again, leads it to a stage, or cancels it.`,
      ),
    ],
    facts: [
      { label: "Process", value: oneLine(processLabel) },
      ...(recordName ? [{ label: "Record", value: oneLine(recordName) }] : []),
      ...(step === null ? [] : [{ label: "Step", value: oneLine(step) }]),
      ...(trace.length > 0 ? [{ label: "Stopped at", value: oneLine(trace.join(", then ")) }] : []),
      ...(passed.length > 0 ? [{ label: "Last passed", value: oneLine(passed.join(" → ")) }] : []),
      { label: "Error", value: oneLine(error) },
    ],
    buttons: [{ label: "Open the run", path, tone: "primary" }],
    note: "You get this mail because you wrote the process or administer this installation.",
  };
}

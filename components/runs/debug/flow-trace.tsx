import { List, Text } from "@mantine/core";
import type { TracedFlow } from "@/lib/runs/schema/run-page";
import { SeenProof } from "../proof";
import { Section } from "../section";
import { Values } from "../values";

const STATUS_WORDS = {
  open: "under way",
  waiting: "waits",
  finished: "finished",
  failed: "failed",
  closed: "stopped",
} as const;

type Element = TracedFlow["passed"][number];

const TYPE_WORDS: Readonly<Record<NonNullable<Element["type"]>, string>> = {
  screen: "Screen",
  assignment: "Assignment",
  decision: "Decision",
  get_records: "Get Records",
  create_records: "Create Records",
  update_records: "Update Records",
  delete_records: "Delete Records",
  action: "Action",
  subflow: "Subflow",
  wait: "Wait",
};

const QUESTIONS = {
  entry: (step: string) => `asked whether ${step} may start`,
  exit: (step: string) => `asked whether ${step} is done`,
  stage: (stage: string) => `asked whether ${stage} is complete`,
};

/** What it ran for, and what came of it. */
function came({ of, asked, status }: TracedFlow): string {
  if (!asked) return `of ${of}: ${STATUS_WORDS[status]}`;
  return `${QUESTIONS[asked.part](of)}: ${asked.met === null ? "failed" : asked.met ? "yes" : "no"}`;
}

/** A flow of a debug run, element by element, with what each condition saw, and its values at last. */
export function FlowTrace({ of, known }: { of: TracedFlow; known: Readonly<Record<string, string>> }) {
  const { flow, version, passed, isCut, values } = of;
  return (
    <Section title={`${flow}, version ${version}, ${came(of)}`}>
      {passed.length > 0 && (
        <List type="ordered" size="sm" mb="sm" aria-label={`Elements that ${flow} passed`}>
          {passed.map((one) => (
            <List.Item key={one.seq}>
              <Passed {...one} />
            </List.Item>
          ))}
        </List>
      )}
      {isCut && (
        <Text fz="sm" c="dimmed" mb="sm">
          What it passed after that is not told.
        </Text>
      )}
      <Values of={values} known={known} label={`Values of ${flow} at last`} empty="It holds no values." />
    </Section>
  );
}

function Passed({ flow, element, type, took, asked, fault }: Element) {
  return (
    <>
      <Text span fz="sm">
        {element}
        {took !== null && `: ${took}`}
      </Text>{" "}
      <Text span fz="xs" c="dimmed">
        {[type && TYPE_WORDS[type], flow && `in ${flow}`].filter(Boolean).join(" ")}
      </Text>
      {fault !== null && (
        <Text fz="sm" c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere" }}>
          {fault}
        </Text>
      )}
      {asked.map(({ name, label, proof }) => (
        <SeenProof key={name} title={`“${label}” ${proof.met ? "held" : "did not hold"}`} proof={proof} />
      ))}
    </>
  );
}

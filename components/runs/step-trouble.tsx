import { Alert, List, Text } from "@mantine/core";
import { Moment } from "@/components/ui/moment";
import type { RunPage, RunPageStep } from "@/lib/runs/schema/run-page";
import { Values } from "./values";

type StepRun = NonNullable<RunPageStep["run"]>;

/** Why a step failed or was skipped, as far as it is known: the elements of its flow, the calls of its operation, the words of an admin. */
export function StepTrouble({ run, known }: { run: StepRun; known: RunPage["known"] }) {
  const { error, errorElement, storedFailure, skipReason, call, stop } = run;
  return (
    <>
      {error && (
        <Alert color="red" title={errorElement ? `Failed at ${errorElement}` : "Failed"}>
          {error}
        </Alert>
      )}
      {storedFailure && (
        <Alert color="orange" title="It has failed; that takes effect when the run is resumed">
          {storedFailure.error}
        </Alert>
      )}
      {skipReason !== null && (
        <Alert color="gray" title="Skipped">
          {skipReason}
        </Alert>
      )}
      {call && <Call call={call} />}
      {stop && <Trace stop={stop} known={known} />}
    </>
  );
}

function Call({ call: { operation, attempts, lastError, nextAt } }: { call: NonNullable<StepRun["call"]> }) {
  return (
    <Text fz="sm">
      Operation{" "}
      <Text span fz="sm" fw={500}>
        {operation}
      </Text>
      , {attempts === 0 ? "not called yet" : attempts === 1 ? "called once" : `called ${attempts} times`}
      {nextAt && (
        <>
          , again <Moment at={nextAt} />
        </>
      )}
      {nextAt && lastError ? `. Last answer: ${lastError}` : ""}
    </Text>
  );
}

/** The elements at which the flow and the flows that it called stopped, and what the last one held then. */
function Trace({ stop: { at, values }, known }: { stop: NonNullable<StepRun["stop"]>; known: RunPage["known"] }) {
  return (
    <>
      <Text fz="sm" fw={600}>
        Where its flow stopped
      </Text>
      <List type="ordered" size="sm" aria-label="Elements, the outermost flow first">
        {at.map(({ flow, version, element }) => (
          <List.Item key={`${flow} ${element}`}>
            {element} in {flow}, version {version}
          </List.Item>
        ))}
      </List>
      {values.length > 0 && (
        <details>
          <summary>
            <Text span fz="sm">
              Its values at that moment
            </Text>
          </summary>
          <Values of={values} known={known} label="Values of the flow when it stopped" empty="None." />
        </details>
      )}
    </>
  );
}

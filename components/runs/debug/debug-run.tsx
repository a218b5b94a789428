"use client";

import { Alert, Card, List, Radio, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { LookupSelect } from "@/components/records/lookup-select";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import type { Problem } from "@/lib/result";
import { playDebugRun } from "@/lib/runs/actions";
import type { DebugForm, DebugTrace } from "@/lib/runs/schema/debug";
import { ValueFields } from "../control/value-fields";
import { DebugMocks } from "./debug-mocks";
import { DebugTraceView } from "./debug-trace-view";
import { type DebugDraft, faultsIn, inputOf, isRight, useDebugDraft } from "./use-debug-draft";

/** Says how a version is to be played, plays it, and shows what it did; or goes to the run that was kept. */
export function DebugRun({ form }: { form: DebugForm }) {
  const router = useRouter();
  const { draft, change } = useDebugDraft(form);
  const [areFaultsShown, setFaultsShown] = useState(false);
  const [refused, setRefused] = useState<{ message: string; problems: readonly Problem[] } | null>(null);
  const [trace, setTrace] = useState<DebugTrace | null>(null);
  const playing = useAct(playDebugRun, {
    onRefused: setRefused,
    onDone: (done) => {
      if ("runId" in done) router.push(`/runs/${done.runId}`);
      else setTrace(done.trace);
    },
  });
  const play = (event: FormEvent) => {
    event.preventDefault();
    setFaultsShown(!isRight(form, draft));
    setRefused(null);
    if (isRight(form, draft)) void playing.run(inputOf(form, draft));
  };
  const isBroken = form.problems.length > 0;
  return (
    <Stack gap="lg">
      <Card padding="lg">
        <form onSubmit={play} noValidate aria-label={`Debug ${form.label}`}>
          <Stack gap="md" maw={760}>
            <FormMessage text={refused?.message ?? null} />
            <Problems problems={isBroken ? form.problems : (refused?.problems ?? [])} />
            <VersionSelect form={form} />
            <Fields form={form} draft={draft} change={change} areFaultsShown={areFaultsShown} />
            <Keep isApproval={form.isApproval} keep={draft.keep} onChange={(keep) => change({ keep })} />
            <div>
              <SubmitButton isPending={playing.isPending} disabled={isBroken}>
                {draft.keep ? "Start the debug run" : "Play it"}
              </SubmitButton>
            </div>
          </Stack>
        </form>
      </Card>
      {trace && <DebugTraceView trace={trace} />}
    </Stack>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="This version cannot be played as it is">
      <List size="sm">
        {problems.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            <Text span ff="monospace" fz="xs">
              {path}
            </Text>{" "}
            {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function VersionSelect({ form }: { form: DebugForm }) {
  const router = useRouter();
  const words = { draft: "draft", active: "active", inactive: "inactive" };
  return (
    <Select
      label="Version"
      maw={260}
      allowDeselect={false}
      data={form.versions.map(({ version, status }) => ({
        value: String(version),
        label: `Version ${version}, ${words[status]}`,
      }))}
      value={String(form.version)}
      onChange={(version) => version && router.replace(`/definitions/${form.name}/debug?version=${version}`)}
    />
  );
}

type FieldsProps = {
  readonly form: DebugForm;
  readonly draft: DebugDraft;
  readonly change: (changed: Partial<DebugDraft>) => void;
  readonly areFaultsShown: boolean;
};

function Fields({ form, draft, change, areFaultsShown }: FieldsProps) {
  const faults = areFaultsShown ? faultsIn(form, draft) : { record: null, inputs: {}, mocks: {} };
  return (
    <>
      {form.object && (
        <LookupSelect
          id="debug-record"
          label={form.object.label}
          withAsterisk
          to={form.object.name}
          value={draft.recordId}
          error={faults.record}
          onChange={(recordId) => change({ recordId })}
        />
      )}
      {form.inputs.length > 0 && (
        <ValueFields
          label="Inputs"
          none="No value"
          drafts={draft.inputs}
          errors={faults.inputs}
          onChange={(inputs) => change({ inputs })}
        />
      )}
      <Select
        label="Begin at"
        maw={360}
        placeholder="The start"
        clearable
        data={[...form.stages]}
        value={draft.startStage}
        onChange={(startStage) => change({ startStage })}
      />
      <DebugMocks
        steps={form.steps}
        mocks={draft.mocks}
        faults={faults.mocks}
        onChange={(mocks) => change({ mocks })}
      />
    </>
  );
}

type KeepProps = { readonly isApproval: boolean; readonly keep: boolean; readonly onChange: (keep: boolean) => void };

function Keep({ isApproval, keep, onChange }: KeepProps) {
  return (
    <Radio.Group label="Afterwards" value={keep ? "kept" : "undone"} onChange={(value) => onChange(value === "kept")}>
      <Stack gap="xs" mt={6}>
        <Radio
          value="undone"
          label="Undo everything"
          description="It is played as far as it goes without anybody, and you see what it did. Nothing is written, no other system is called."
        />
        <Radio
          value="kept"
          label="Keep the run"
          description={`A real run, flagged as debug: all its work comes to you, records are written and other systems are called.${isApproval ? " What you decide in it is marked as played: it is sealed as nobody's approval, and no later request rests on it." : ""} A draft that is played so cannot be changed any more; the next save begins a new version.`}
        />
      </Stack>
    </Radio.Group>
  );
}

"use client";

import { Checkbox, Group, MultiSelect, NumberInput, Stack, Textarea } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { instantAt, wallTime } from "@/components/records/zone-time";
import { useTime } from "@/components/ui/clock";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createDelegation } from "@/lib/people/actions/delegation";
import { AssigneePicker } from "./assignee-picker";

export type ProcessOption = { readonly value: string; readonly label: string };
type Props = {
  readonly processes: readonly ProcessOption[];
  /** For an admin, who says in whose place; else it is one's own. */
  readonly isAdmin?: boolean;
  readonly onDone: () => void;
};

type Values = {
  delegatorId: string | null;
  delegateId: string | null;
  from: string | null;
  to: string | null;
  processes: string[];
  maxAmount: string | number;
  mayPassOn: boolean;
  reason: string;
};
const NOTHING: Values = {
  ...{ delegatorId: null, delegateId: null, from: null, to: null },
  ...{ processes: [], maxAmount: "", mayPassOn: false, reason: "" },
};

const DAY_MS = 86_400_000;
const dayOf = (iso: string, zone: string): string => wallTime(iso, zone).slice(0, 10);

/** Lets somebody decide in one's place, or as an admin in somebody's. Days are those of the reader's time zone, both included. */
export function DelegationForm({ processes, isAdmin = false, onDone }: Props) {
  const router = useRouter();
  const { now, zone } = useTime();
  const today = dayOf(now.toISOString(), zone);
  const [message, setMessage] = useState<string | null>(null);
  const form = useForm<Values>({
    initialValues: { ...NOTHING, from: today },
    validate: {
      delegatorId: (value) => (isAdmin && !value ? "Say in whose place" : null),
      delegateId: (value) => (value ? null : "Say who decides"),
      from: (value) => (value ? null : "Say the first day"),
      to: (value, { from }) =>
        !value ? "Say the last day" : from && value < from ? "The last day is before the first" : null,
    },
  });
  const act = useAct(createDelegation, {
    success: isAdmin ? "It counts from now on; both are told." : "They are asked. It counts once they accept.",
    onRefused: (refusal) => setMessage(refusal.message),
    onDone: () => {
      router.refresh();
      onDone();
    },
  });
  const send = form.onSubmit((values) => {
    setMessage(null);
    const { delegatorId, delegateId, from, to, maxAmount, mayPassOn, reason } = values;
    const next = new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
    void act.run({
      delegatorId: delegatorId?.replace(/^user:/, "") ?? null,
      delegateId: delegateId?.replace(/^user:/, "") ?? "",
      from: instantAt(`${from} 00:00:00`, zone),
      to: instantAt(`${next} 00:00:00`, zone),
      processes: values.processes.length > 0 ? values.processes : null,
      maxAmount: maxAmount === "" ? null : Number(maxAmount),
      ...{ mayPassOn, reason },
    });
  });
  const error = (path: keyof Values) => form.errors[path] ?? act.errors[path];
  const person = (path: "delegatorId" | "delegateId") => ({
    ...{ only: "user" as const, value: form.values[path], error: error(path), required: true },
    onChange: (value: string | null) => form.setFieldValue(path, value),
  });
  return (
    <form onSubmit={send} noValidate>
      <Stack gap="md">
        <FormMessage text={message} />
        {isAdmin && (
          <AssigneePicker
            label="In whose place"
            placeholder="Find a person"
            data-autofocus
            {...person("delegatorId")}
          />
        )}
        <AssigneePicker label="Who decides" placeholder="Find a person" {...person("delegateId")} />
        <Group grow align="flex-start" gap="md">
          <DateInput
            label="First day"
            valueFormat="D MMM YYYY"
            minDate={today}
            required
            {...form.getInputProps("from")}
            error={error("from")}
          />
          <DateInput
            label="Last day"
            valueFormat="D MMM YYYY"
            minDate={form.values.from ?? today}
            required
            {...form.getInputProps("to")}
            error={error("to")}
          />
        </Group>
        <Scope form={form} processes={processes} error={error} />
        <Textarea
          label="Reason"
          autosize
          minRows={2}
          maxLength={500}
          {...form.getInputProps("reason")}
          error={error("reason")}
        />
        <Group justify="flex-end">
          <SubmitButton isPending={act.isPending}>{isAdmin ? "Let them decide" : "Ask them"}</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

type ScopeProps = {
  readonly form: UseFormReturnType<Values>;
  readonly processes: readonly ProcessOption[];
  readonly error: (path: keyof Values) => ReactNode;
};

/** What they may decide. */
function Scope({ form, processes, error }: ScopeProps) {
  return (
    <>
      <MultiSelect
        label="Processes"
        placeholder={form.values.processes.length === 0 ? "All approval processes" : ""}
        data={[...processes]}
        searchable
        clearable
        nothingFoundMessage="No such process"
        {...form.getInputProps("processes")}
        error={error("processes")}
      />
      <NumberInput
        label="Amount up to"
        description="Larger requests, and those of processes that name no amount, stay where they are. Empty: no bound."
        min={0}
        thousandSeparator=","
        {...form.getInputProps("maxAmount")}
        error={error("maxAmount")}
      />
      <Checkbox
        label="May be passed on"
        description="Whoever decides in their place then decides here too."
        {...form.getInputProps("mayPassOn", { type: "checkbox" })}
      />
    </>
  );
}

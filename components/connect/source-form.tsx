"use client";

import { Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createSource } from "@/lib/connect/actions/event-sources";
import type { SourcesPage } from "@/lib/connect/loaders";
import type { SourceSecret } from "./shown-secret";

type Props = Pick<SourcesPage, "orchestrations"> & { readonly onMade: (made: SourceSecret) => void };

/** Who may report, under which name, and to which process alone. */
export function SourceForm({ orchestrations, onMade }: Props) {
  const form = useForm({ initialValues: { label: "", name: "", definitionId: "" } });
  const act = useAct(createSource, { onDone: onMade });
  return (
    <form onSubmit={form.onSubmit((values) => void act.run(values))}>
      <Stack gap="md">
        <TextInput
          label="Label"
          description="Which system it is, e.g. “Web shop”. Histories name it."
          required
          withAsterisk={false}
          maxLength={80}
          data-autofocus
          error={act.errors.label}
          {...form.getInputProps("label")}
        />
        <TextInput
          label="Name"
          description="Part of its address; never changes. Small letters, digits and dashes."
          required
          withAsterisk={false}
          maxLength={60}
          placeholder="web-shop"
          error={act.errors.name}
          {...form.getInputProps("name")}
        />
        <Select
          label="Process"
          description="The only one that its events can start or wake."
          data={[...orchestrations]}
          searchable
          required
          withAsterisk={false}
          error={act.errors.definitionId}
          {...form.getInputProps("definitionId")}
        />
        <SubmitButton isPending={act.isPending}>Make the event source</SubmitButton>
      </Stack>
    </form>
  );
}

"use client";

import { Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createPerson } from "@/lib/people/actions";
import { ROLE_LABELS, ROLES, type Role } from "@/lib/people/schema";
import { changePerson } from "@/lib/work/actions/change-person";
import { AssigneePicker } from "./assignee-picker";

export type EditedPerson = {
  readonly userId: string;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly role: Role;
  readonly manager: { readonly id: string; readonly name: string } | null;
};

const OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_LABELS[role].label }));
const NOBODY = { name: "", username: "", email: "", role: "member" as Role, manager: null };

const wasOf = ({ name, username, email, role, manager }: EditedPerson) => ({
  ...{ name, username, email, role },
  managerId: manager?.id ?? null,
});

/** Invites a person, or changes one. Their password is nobody's to choose but theirs. */
export function PersonForm({ person, onDone }: { person: EditedPerson | null; onDone: () => void }) {
  const router = useRouter();
  const { name, username, email, role, manager } = person ?? NOBODY;
  const [message, setMessage] = useState<string | null>(null);
  const form = useForm({
    initialValues: { name, username, email, role, manager: manager ? `user:${manager.id}` : null },
    validate: {
      name: (value) => (value.trim() ? null : "Say what they are called"),
      username: (value) => (value.trim() ? null : "Say what they sign in as"),
      email: (value) => (value.trim() ? null : "Say where their mails go"),
    },
  });
  const options = {
    onRefused: (refusal: { message: string }) => setMessage(refusal.message),
    onDone: () => {
      router.refresh();
      onDone();
    },
  };
  const creating = useAct(createPerson, { ...options, success: `${form.values.name} is invited.` });
  const changing = useAct(changePerson, { ...options, success: `${form.values.name} is saved.` });
  const act = person ? changing : creating;

  const send = ({ manager: chosen, ...values }: typeof form.values) => {
    setMessage(null);
    const input = { ...values, managerId: chosen?.replace(/^user:/, "") ?? null };
    void (person ? changing.run({ ...input, userId: person.userId, was: wasOf(person) }) : creating.run(input));
  };
  const submit = form.onSubmit(send, (errors) => {
    const [first] = Object.keys(errors);
    if (first) form.getInputNode(first)?.focus();
  });
  const field = (path: "name" | "username" | "email") => ({
    ...form.getInputProps(path),
    required: true,
    error: form.errors[path] ?? act.errors[path],
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormMessage text={message} />
        <TextInput label="Name" autoComplete="off" data-autofocus maxLength={100} {...field("name")} />
        <Group grow align="flex-start" gap="md" preventGrowOverflow={false} wrap="wrap">
          <TextInput
            label="Username"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={50}
            miw={180}
            {...field("username")}
          />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="off"
            maxLength={254}
            miw={180}
            {...field("email")}
          />
        </Group>
        <Select
          label="Role"
          description={ROLE_LABELS[form.values.role].help}
          data={OPTIONS}
          allowDeselect={false}
          {...form.getInputProps("role")}
          error={act.errors.role}
        />
        <AssigneePicker
          label="Manager"
          placeholder="None"
          clearable
          only="user"
          error={act.errors.managerId}
          valueLabel={manager?.name ?? null}
          value={form.values.manager}
          onChange={(value) => form.setFieldValue("manager", value)}
        />
        {!person && (
          <Text fz="sm" c="dimmed">
            A mail tells them how to sign in by a link. They choose a password themselves.
          </Text>
        )}
        <Group justify="flex-end">
          <SubmitButton isPending={act.isPending}>{person ? "Save" : "Invite"}</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

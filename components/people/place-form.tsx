"use client";

import { ActionIcon, Avatar, Badge, Card, Group, Stack, Text, TextInput, ThemeIcon, Title } from "@mantine/core";
import { IconUsersGroup, IconX } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { changePlace } from "@/lib/work/actions/change-place";
import { AssigneePicker } from "./assignee-picker";

type Member = {
  readonly type: "user" | "group";
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
};
type Place = { readonly id: string; readonly label: string; readonly members: readonly Member[] };

const isThere = ({ isActive }: Member): boolean => isActive;
const idOf = ({ type, id }: Member) => ({ type, id });

const strandedText = (items: number): string => {
  if (items === 0) return "";
  const what = items === 1 ? "One open work item is" : `${items} open work items are`;
  return `${what} nobody's to do now; Orchestration Work Items shows what is flagged.`;
};

const emptying = (kind: "group" | "queue", label: string) => ({
  title: `Leave nobody in ${label}?`,
  text: `Open work of this ${kind} can then be done by nobody. It stays where it is, is flagged for managers, and waits until somebody is put in again or it is reassigned.`,
  action: "Leave it empty",
  isDanger: true,
});

/** A group's or queue's label and who is in it: people, and groups with everybody in them. */
export function PlaceForm({ kind, place }: { kind: "group" | "queue"; place: Place }) {
  const router = useRouter();
  const [label, setLabel] = useState(place.label);
  const [members, setMembers] = useState(place.members);
  const [was, setWas] = useState({ label: place.label, members: place.members });
  const [message, setMessage] = useState<string | null>(null);
  const act = useAct(changePlace, {
    success: ({ stranded }) => `${label} is saved. ${strandedText(stranded)}`.trim(),
    onRefused: (refusal) => setMessage(refusal.message),
    onDone: () => {
      setWas({ label: label.trim(), members });
      router.refresh();
    },
  });

  const add = (value: string | null, name: string) => {
    const [type, id] = value?.split(":") ?? [];
    if (!id || (type !== "user" && type !== "group") || members.some((member) => member.id === id)) return;
    setMembers([...members, { type, id, name, isActive: true }]);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMessage(null);
    const isEmptied = was.members.some(isThere) && !members.some(isThere);
    if (isEmptied && !(await confirm(emptying(kind, label)))) return;
    const earlier = { label: was.label, members: was.members.map(idOf) };
    await act.run({ type: kind, id: place.id, label, members: members.map(idOf), was: earlier });
  };
  return (
    <Card padding="lg" maw={720}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <FormMessage text={message} />
          <TextInput
            label="Label"
            required
            withAsterisk={false}
            maxLength={80}
            maw={420}
            error={act.errors.label}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Title order={2}>Members</Title>
          <AssigneePicker
            key={members.length}
            label="Add a person or a group"
            placeholder="Search by name"
            maw={420}
            value={null}
            only={["user", "group"]}
            onChange={(value, option) => add(value, option?.label ?? "")}
          />
          <MemberList members={members} onRemove={(id) => setMembers(members.filter((member) => member.id !== id))} />
          <SubmitButton isPending={act.isPending} style={{ alignSelf: "start" }}>
            Save
          </SubmitButton>
        </Stack>
      </form>
    </Card>
  );
}

function MemberList({ members, onRemove }: { members: readonly Member[]; onRemove: (id: string) => void }) {
  if (members.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        Nobody yet: work given to it would reach no one.
      </Text>
    );
  return (
    <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: "none" }} aria-label="Members">
      {members.map(({ type, id, name, isActive }) => (
        <Group component="li" key={id} justify="space-between" wrap="nowrap" py={4}>
          <Group gap="sm" wrap="nowrap" miw={0}>
            {type === "user" ? (
              <Avatar name={name} color="initials" size={30} radius="xl" aria-hidden />
            ) : (
              <ThemeIcon variant="light" color="gray" size={30} radius="xl" aria-hidden>
                <IconUsersGroup size={16} />
              </ThemeIcon>
            )}
            <Text fz="sm" truncate>
              {name}
            </Text>
            {type === "group" && (
              <Badge color="gray" size="sm">
                Group
              </Badge>
            )}
            {!isActive && (
              <Badge color="orange" size="sm">
                Inactive
              </Badge>
            )}
          </Group>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={() => onRemove(id)}
            aria-label={`Remove ${name}`}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
    </Stack>
  );
}

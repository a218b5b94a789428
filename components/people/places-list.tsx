"use client";

import { Anchor, Button, Code, Modal, Stack, Table, Text } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { Link } from "@/components/ui/link";
import { NameFields, useNaming } from "@/components/ui/name-fields";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { useAddress } from "@/components/ui/use-address";
import { createPlace } from "@/lib/people/actions";
import { TurnPage } from "./turn-page";

type Kind = "group" | "queue";
type Row = { readonly id: string; readonly name: string; readonly label: string; readonly members: number };
const ABOUT: Readonly<Record<Kind, { path: string; title: string; text: string }>> = {
  group: {
    path: "/admin/groups",
    title: "No group",
    text: "Work for a group is mailed to everybody in it; whoever is first does it.",
  },
  queue: { path: "/admin/queues", title: "No queue", text: "Work in a queue waits until a member takes it." },
};

/** Groups or queues, with search in the address. */
export function PlacesList({
  kind,
  rows,
  next,
  isFirst,
  search,
}: {
  kind: Kind;
  rows: readonly Row[];
  next: string | null;
  isFirst: boolean;
  search: string;
}) {
  const address = useAddress(search);
  const [isOpen, setOpen] = useState(false);
  const { path, title, text } = ABOUT[kind];
  return (
    <Stack gap="md">
      <FilterBar label={`Search ${kind}s`} search={address.search} onSearch={address.setSearch}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>{`New ${kind}`}</Button>
      </FilterBar>
      {rows.length === 0 ? (
        <Empty
          icon={<IconUsersGroup size={24} stroke={1.5} />}
          title={search ? `${title} matches` : `${title} yet`}
          text={text}
        />
      ) : (
        <Table highlightOnHover aria-label={kind === "group" ? "Groups" : "Queues"}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Label</Table.Th>
              <Table.Th>API name</Table.Th>
              <Table.Th ta="right">Members</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ id, name, label, members }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Anchor component={Link} href={`${path}/${name}`} fz="sm" fw={500}>
                    {label}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Code style={{ overflowWrap: "anywhere" }}>{name}</Code>
                </Table.Td>
                <Table.Td ta="right">
                  <Text fz="sm">{members}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <TurnPage next={next} isFirst={isFirst} />
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`New ${kind}`}>
        <NewPlaceForm kind={kind} path={path} />
      </Modal>
    </Stack>
  );
}

function NewPlaceForm({ kind, path }: { kind: Kind; path: string }) {
  const router = useRouter();
  const naming = useNaming();
  const { label, name } = naming;
  const act = useAct(createPlace, { onDone: () => router.push(`${path}/${name}`) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run({ label, name, type: kind, members: [] });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NameFields naming={naming} errors={act.errors} />
        <SubmitButton isPending={act.isPending}>{`Make the ${kind}`}</SubmitButton>
      </Stack>
    </form>
  );
}

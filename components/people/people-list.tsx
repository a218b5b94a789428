"use client";

import {
  ActionIcon,
  Avatar,
  Badge,
  Button,
  Group,
  Menu,
  Modal,
  SegmentedControl,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import {
  IconDots,
  IconMailForward,
  IconPencil,
  IconUserCheck,
  IconUserOff,
  IconUserPlus,
  IconUsers,
} from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { useAct } from "@/components/ui/use-act";
import { useAddress } from "@/components/ui/use-address";
import { resetPassword } from "@/lib/people/actions";
import { activatePerson, deactivatePerson } from "@/lib/work/actions/hand-over";
import classes from "./people-list.module.css";
import { type EditedPerson, PersonForm } from "./person-form";
import { RoleBadge } from "./role-badge";
import { TurnPage } from "./turn-page";

type Row = EditedPerson & { readonly isActive: boolean };
type Props = {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly isFirst: boolean;
  readonly search: string;
  readonly state: string;
};

/** Everybody, with search and state in the address; one dialog invites and changes. */
export function PeopleList({ rows, next, isFirst, search, state }: Props) {
  const address = useAddress(search);
  const [edited, setEdited] = useState<Row | "new" | null>(null);
  const close = () => setEdited(null);
  return (
    <Stack gap="md">
      <FilterBar label="Search people" search={address.search} onSearch={address.setSearch}>
        <SegmentedControl
          aria-label="State"
          value={state || "all"}
          onChange={(value) => address.set({ state: value === "all" ? null : value })}
          data={[
            { value: "all", label: "All" },
            { value: "active", label: "Active" },
            { value: "inactive", label: "Inactive" },
          ]}
        />
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setEdited("new")}>
          Invite a person
        </Button>
      </FilterBar>
      {rows.length === 0 ? (
        <Empty
          icon={<IconUsers size={24} stroke={1.5} />}
          title="Nobody matches"
          text="Take the filter away, or search for something else."
        />
      ) : (
        <Table.ScrollContainer minWidth={0}>
          <Table highlightOnHover aria-label="People">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th className={classes.wide}>E-mail address</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th className={classes.wide}>Manager</Table.Th>
                <Table.Th w={52}>
                  <span className={classes.hidden}>Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <PersonRow key={row.userId} person={row} onEdit={() => setEdited(row)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <TurnPage next={next} isFirst={isFirst} />
      <Modal
        opened={edited !== null}
        onClose={close}
        title={edited === "new" ? "Invite a person" : "Change a person"}
        size="lg"
      >
        {edited && (
          <PersonForm
            key={edited === "new" ? "new" : edited.userId}
            person={edited === "new" ? null : edited}
            onDone={close}
          />
        )}
      </Modal>
    </Stack>
  );
}

function PersonRow({ person, onEdit }: { person: Row; onEdit: () => void }) {
  const { name, username, email, role, manager, isActive } = person;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Avatar name={name} color={isActive ? "initials" : "gray"} size={34} radius="xl" aria-hidden />
          <Stack gap={0} miw={0}>
            <Group gap={8}>
              <Text fz="sm" fw={500} {...(isActive ? {} : { c: "dimmed" })}>
                {name}
              </Text>
              {!isActive && (
                <Badge color="gray" size="sm">
                  Inactive
                </Badge>
              )}
            </Group>
            <Text fz="xs" c="dimmed">
              {username}
            </Text>
          </Stack>
        </Group>
      </Table.Td>
      <Table.Td className={classes.wide}>
        <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
          {email}
        </Text>
      </Table.Td>
      <Table.Td>
        <RoleBadge role={role} />
      </Table.Td>
      <Table.Td className={classes.wide}>
        <Text fz="sm" {...(manager ? {} : { c: "dimmed" })}>
          {manager?.name ?? "None"}
        </Text>
      </Table.Td>
      <Table.Td>
        <PersonMenu person={person} onEdit={onEdit} />
      </Table.Td>
    </Table.Tr>
  );
}

function PersonMenu({ person: { userId, name, isActive }, onEdit }: { person: Row; onEdit: () => void }) {
  const router = useRouter();
  const onDone = () => router.refresh();
  const reset = useAct(resetPassword, { success: `${name} was mailed how to sign in anew.`, onDone });
  const off = useAct(deactivatePerson, {
    success: ({ moved }) =>
      moved > 0
        ? `${name} is deactivated, and ${moved === 1 ? "1 open work item was" : `${moved} open work items were`} handed over.`
        : `${name} is deactivated.`,
    onDone,
  });
  const on = useAct(activatePerson, { success: `${name} is active again.`, onDone });
  const askReset = async () => {
    const text = `${name} is signed out everywhere, and signs in by a mailed link to choose a new password.`;
    if (await confirm({ title: `Reset the password of ${name}?`, text, action: "Reset the password", isDanger: true }))
      await reset.run({ userId });
  };
  const askOff = async () => {
    const text = `${name} is signed out everywhere at once, and programs with their tokens are refused. Their open work goes to their manager, or to you.`;
    if (await confirm({ title: `Deactivate ${name}?`, text, action: "Deactivate", isDanger: true }))
      await off.run({ userId });
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
          Change
        </Menu.Item>
        {isActive && (
          <Menu.Item leftSection={<IconMailForward size={16} />} onClick={() => void askReset()}>
            Reset the password
          </Menu.Item>
        )}
        {isActive ? (
          <Menu.Item color="red" leftSection={<IconUserOff size={16} />} onClick={() => void askOff()}>
            Deactivate
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => void on.run({ userId })}>
            Activate
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

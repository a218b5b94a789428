"use client";

import { Group, Kbd, Modal, Stack, Switch, Table, Text } from "@mantine/core";
import { useState } from "react";
import { areKeysOn, switchKeys } from "./use-keys";

const KEYS = [
  { keys: ["J", "K"], does: "Next, previous work item" },
  { keys: ["Enter"], does: "Open the chosen work item" },
  { keys: ["A"], does: "Approve the chosen request (My approvals)" },
  { keys: ["R"], does: "Reject the chosen request, with a reason (My approvals)" },
  { keys: ["X"], does: "Select the chosen request, to decide several together (My approvals)" },
  { keys: ["/"], does: "Search" },
  { keys: ["["], does: "Hide or show the side bar" },
  { keys: ["G", "I"], does: "Go to what is for me now" },
  { keys: ["G", "M"], does: "Go to My approvals" },
  { keys: ["G", "W"], does: "Go to Waiting on others" },
  { keys: ["G", "G"], does: "Go to My groups" },
  { keys: ["G", "R"], does: "Go to Requests I made" },
  { keys: ["G", "D"], does: "Go to Done" },
  { keys: ["G", "O"], does: "Go to Records" },
  { keys: ["G", "P"], does: "Go to Orchestration Runs, if you may see them" },
  { keys: ["G", "A"], does: "Go to Work Items, if you may see them" },
  { keys: ["?"], does: "This list" },
] as const;

/** Every key the portal answers to, and the switch that turns single keys off. */
export function KeyboardHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keyboard" size="md">
      <Stack gap="md">
        <KeySwitch />
        <Table verticalSpacing={6} horizontalSpacing={0}>
          <Table.Tbody>
            {KEYS.map(({ keys, does }) => (
              <Table.Tr key={does}>
                <Table.Td>
                  <Text fz="sm">{does}</Text>
                </Table.Td>
                <Table.Td>
                  <Group gap={4} justify="flex-end">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Modal>
  );
}

/** Also for the account page. */
export function KeySwitch() {
  const [isOn, setOn] = useState(areKeysOn);
  const change = (next: boolean) => {
    switchKeys(next);
    setOn(next);
  };
  return (
    <Switch
      label="Single-key shortcuts"
      description="Off: letters do nothing by themselves, in this browser."
      checked={isOn}
      onChange={(event) => change(event.currentTarget.checked)}
    />
  );
}

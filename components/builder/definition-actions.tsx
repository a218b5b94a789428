"use client";

import { Button, Group, List, Menu, Modal, Stack, Text } from "@mantine/core";
import { IconBug, IconDots, IconDownload, IconPlayerPause, IconRocket } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { Link } from "@/components/ui/link";
import { useAct } from "@/components/ui/use-act";
import { activateDefinition, deactivateDefinition, exportDefinition } from "@/lib/definitions/actions";
import type { DefinitionPage } from "@/lib/definitions/schema";
import { NOT_ACTIVATABLE_ID } from "./version-facts";

/** What can be done with the version that is shown: put it to use, take the active one out of use, take it away as a file. */
export function DefinitionActions({ page, onProblems }: { page: DefinitionPage; onProblems: () => void }) {
  const router = useRouter();
  const { name, shown, versions } = page;
  const isProcess = page.type === "orchestrator" || page.type === "approval";
  const active = versions.find(({ status }) => status === "active");
  const activate = useAct(activateDefinition, {
    success: ({ version }) => `Version ${version} is active`,
    onDone: () => router.refresh(),
    onRefused: ({ code }) => {
      if (code === "definition-invalid") onProblems();
      router.refresh();
    },
  });
  const exporting = useAct(exportDefinition, { onDone: ({ text }) => download(`${name}.json`, text) });

  const askActivate = async () => {
    const isSure = await confirm({
      title: `Activate version ${shown.version}?`,
      text: (
        <>
          {active
            ? `It takes the place of version ${active.version} for everything that starts from now on. Runs under way keep their version.`
            : "From now on it is used. Its content can never change again; a later change is a new version."}
          {page.runsAs.length > 0 && (
            <Text component="span" fz="sm" fw={600} display="block" mt="sm">
              Steps of it run with the rights of {page.runsAs.join(", ")}.
            </Text>
          )}
        </>
      ),
      action: "Activate",
    });
    if (isSure) await activate.run({ name, version: shown.version });
  };
  return (
    <>
      {page.mayActivate && shown.status !== "active" && (
        <Button
          leftSection={<IconRocket size={16} />}
          loading={activate.isPending}
          disabled={page.problems.length > 0}
          aria-describedby={page.problems.length > 0 ? NOT_ACTIVATABLE_ID : undefined}
          onClick={() => void askActivate()}
        >
          Activate version {shown.version}
        </Button>
      )}
      {page.mayActivate && active && <Deactivate page={page} version={active.version} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isProcess && page.mayActivate && (
            <Menu.Item
              component={Link}
              href={`/definitions/${name}/debug?version=${shown.version}`}
              leftSection={<IconBug size={16} />}
            >
              Debug version {shown.version}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconDownload size={16} />}
            onClick={() => void exporting.run({ name, version: shown.version })}
          >
            {page.calls.length > 0 ? "Export with its flows" : "Export"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Asks; and where the flow is in use says by what, and asks once more. */
function Deactivate({ page, version }: { page: DefinitionPage; version: number }) {
  const router = useRouter();
  const [isInUse, setInUse] = useState(false);
  const act = useAct(deactivateDefinition, {
    success: `${page.label}, version ${version}, is not used any more`,
    onDone: () => {
      setInUse(false);
      router.refresh();
    },
    onRefused: ({ code }) => setInUse(code === "flow-in-use"),
  });
  const isFlow = page.type !== "orchestrator" && page.type !== "approval";
  const ask = async () => {
    const isSure = await confirm({
      title: `Deactivate version ${version} of ${page.label}?`,
      text: isFlow
        ? "No step can begin with it any more. Steps that have begun go on."
        : "Nothing starts it any more. Runs under way go on.",
      action: `Deactivate version ${version}`,
      isDanger: true,
    });
    if (isSure) await act.run({ name: page.name, force: false });
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerPause size={16} />}
        loading={act.isPending}
        onClick={() => void ask()}
      >
        Deactivate version {version}
      </Button>
      <Modal opened={isInUse} onClose={() => setInUse(false)} title={`${page.label} is in use`}>
        <Stack gap="md">
          <Text fz="sm">
            These may still call it. If you deactivate it anyway, a step that comes to it ends in Error.
          </Text>
          <List fz="sm">
            {act.problems.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>{message}</List.Item>
            ))}
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setInUse(false)}>
              Keep it active
            </Button>
            <Button color="red" loading={act.isPending} onClick={() => void act.run({ name: page.name, force: true })}>
              Deactivate anyway
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

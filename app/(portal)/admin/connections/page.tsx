import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConnectionsCard } from "@/components/connect/connections-card";
import { CredentialsCard } from "@/components/connect/credentials-card";
import { HostsCard } from "@/components/connect/hosts-card";
import { OperationsCard } from "@/components/connect/operations-card";
import { SourcesCard } from "@/components/connect/sources-card";
import { Page } from "@/components/ui/page";
import { connectionsPage, sourcesPage } from "@/lib/connect/loaders";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const [page, sources] = await Promise.all([connectionsPage(), sourcesPage()]);
  if (!page || !sources) notFound();
  const { operations, connections, credentials, hosts } = page;
  return (
    <Page title="Connections" description="Other systems that orchestrations call, and that report events.">
      <Stack gap="lg" maw={880}>
        <OperationsCard operations={operations} connections={connections} />
        <ConnectionsCard connections={connections} credentials={credentials} />
        <CredentialsCard credentials={credentials} />
        <HostsCard hosts={hosts} />
        <SourcesCard {...sources} />
      </Stack>
    </Page>
  );
}

import { Card, Stack, Title } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { OperationForm } from "@/components/connect/operation-form";
import { TryOperation } from "@/components/connect/try-operation";
import { BackLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { operationPage } from "@/lib/connect/loaders";

export const metadata: Metadata = { title: "Operation" };

export default async function OperationPage({ params }: { params: Promise<{ name: string }> }) {
  const page = await operationPage((await params).name);
  if (!page) notFound();
  const { operation, connections } = page;
  return (
    <Page
      back={<BackLink href="/admin/connections">Connections</BackLink>}
      title={operation.label}
      description={operation.name}
    >
      <Stack gap="lg" maw={980}>
        <Card padding="lg">
          <OperationForm operation={operation} connections={connections} />
        </Card>
        <Card padding="lg" component="section" aria-labelledby="try-title">
          <Title order={2} id="try-title" mb="md">
            Try it
          </Title>
          <TryOperation operation={operation} />
        </Card>
      </Stack>
    </Page>
  );
}

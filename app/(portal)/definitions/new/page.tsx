import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ImportDefinitions } from "@/components/builder/import-definitions";
import { NewDefinition } from "@/components/builder/new-definition";
import { BackLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { mayEditDefinitions } from "@/lib/definitions/loaders";

export const metadata: Metadata = { title: "New definition" };

export default async function NewDefinitionPage({ searchParams }: { searchParams: Promise<{ from?: string }> }) {
  const [{ from }, mayEdit] = await Promise.all([searchParams, mayEditDefinitions()]);
  if (!mayEdit) notFound();
  const back = <BackLink href="/definitions">Definitions</BackLink>;
  return from === "file" ? (
    <Page
      title="Import definitions"
      back={back}
      description="All of them or none: what cannot be used is listed with its place."
    >
      <ImportDefinitions />
    </Page>
  ) : (
    <Page title="New definition" back={back} description="Begins with a small draft that you change as you like.">
      <NewDefinition />
    </Page>
  );
}

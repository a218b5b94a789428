import { notFound } from "next/navigation";
import { DefinitionView, type DefinitionViewName } from "@/components/builder/definition-view";
import { definitionPage } from "@/lib/definitions/loaders";

type Props = { params: Promise<{ name: string }>; searchParams: Promise<{ version?: string; view?: string }> };

export async function generateMetadata({ params }: Props) {
  const page = await definitionPage((await params).name, null);
  return { title: page?.label ?? "Not found" };
}

const viewOf = (text: string | undefined): DefinitionViewName =>
  text === "json" || text === "versions" ? text : "outline";

export default async function DefinitionPage({ params, searchParams }: Props) {
  const [{ name }, { version, view }] = await Promise.all([params, searchParams]);
  const page = await definitionPage(name, version && /^\d{1,6}$/.test(version) ? Number(version) : null);
  if (!page) notFound();
  return <DefinitionView page={page} view={viewOf(view)} />;
}

import { notFound } from "next/navigation";
import { DebugRun } from "@/components/runs/debug/debug-run";
import { BackLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { debugPage } from "@/lib/runs/loaders";

type Props = { params: Promise<{ name: string }>; searchParams: Promise<{ version?: string }> };

export async function generateMetadata({ params }: Props) {
  const form = await debugPage((await params).name, null);
  return { title: form ? `Debug ${form.label}` : "Not found" };
}

export default async function DebugPage({ params, searchParams }: Props) {
  const [{ name }, { version }] = await Promise.all([params, searchParams]);
  const form = await debugPage(name, version && /^\d{1,6}$/.test(version) ? Number(version) : null);
  if (!form) notFound();
  return (
    <Page
      wide
      title={`Debug ${form.label}`}
      back={<BackLink href={`/definitions/${form.name}?version=${form.version}`}>{form.label}</BackLink>}
      description="Plays a version for you, drafts too: you stand in for everybody in it, and no mails are sent."
    >
      <DebugRun key={form.version} form={form} />
    </Page>
  );
}

import { notFound } from "next/navigation";
import { RunView } from "@/components/runs/run-view";
import { runPage } from "@/lib/runs/loaders";

type Params = { params: Promise<{ runId: string }> };

export async function generateMetadata({ params }: Params) {
  const page = await runPage((await params).runId);
  return { title: page ? `${page.run.record?.name ?? page.run.label} · ${page.run.label}` : "Not found" };
}

export default async function RunPage({ params }: Params) {
  const page = await runPage((await params).runId);
  if (!page) notFound();
  return <RunView page={page} />;
}

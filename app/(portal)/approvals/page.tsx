import type { Metadata } from "next";
import { ApprovalsDesk } from "@/components/approvals/approvals-desk";
import { approvalProcesses } from "@/lib/definitions/loaders";
import { approvalList, workDetail } from "@/lib/work/loaders";
import { approvalFilter } from "@/lib/work/schema";

export const metadata: Metadata = { title: "My approvals" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function ApprovalsPage({ searchParams }: { searchParams: Search }) {
  const params = await searchParams;
  const { view, search = "", process = "" } = approvalFilter.catch({ view: "decide" }).parse(params);
  const [page, detail, processes] = await Promise.all([
    approvalList({ view, search: search || undefined, process: process || undefined }),
    typeof params.item === "string" ? workDetail(params.item) : null,
    approvalProcesses(),
  ]);
  return (
    <ApprovalsDesk
      key={`${view} ${search} ${process}`}
      view={view}
      search={search}
      process={process}
      processes={processes}
      first={{ page, detail }}
    />
  );
}

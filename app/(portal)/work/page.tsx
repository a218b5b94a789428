import type { Metadata } from "next";
import { WorkDesk } from "@/components/work/work-desk";
import { workDetail, workList } from "@/lib/work/loaders";
import { workFilter } from "@/lib/work/schema";

export const metadata: Metadata = { title: "My work" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function WorkPage({ searchParams }: { searchParams: Search }) {
  const params = await searchParams;
  const { view, search } = workFilter.catch({ view: "now" }).parse(params);
  const [page, detail] = await Promise.all([
    workList({ view, search }),
    typeof params.item === "string" ? workDetail(params.item) : null,
  ]);
  return <WorkDesk key={view} view={view} first={{ page, search: search ?? "", detail }} />;
}

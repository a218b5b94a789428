import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { PeopleList } from "@/components/people/people-list";
import { Page } from "@/components/ui/page";
import { peopleList } from "@/lib/people/loaders";

export const metadata: Metadata = { title: "People" };

const filter = z
  .object({
    search: z.string().max(200).optional(),
    state: z.enum(["active", "inactive"]).optional(),
    cursor: z.string().max(500).optional(),
  })
  .catch({});

export default async function PeoplePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const asked = filter.parse(await searchParams);
  const list = await peopleList(asked);
  if (!list) notFound();
  return (
    <Page title="People" description="Who may sign in, what they may do, and whom they report to.">
      <PeopleList
        rows={list.rows}
        next={list.next}
        isFirst={!asked.cursor}
        search={asked.search ?? ""}
        state={asked.state ?? ""}
      />
    </Page>
  );
}

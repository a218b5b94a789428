import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { PlacesList } from "@/components/people/places-list";
import { Page } from "@/components/ui/page";
import { placesList } from "@/lib/people/loaders";

export const metadata: Metadata = { title: "Groups" };

const filter = z.object({ search: z.string().max(200).optional(), cursor: z.string().max(500).optional() }).catch({});

export default async function GroupsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const asked = filter.parse(await searchParams);
  const list = await placesList("group", asked);
  if (!list) notFound();
  return (
    <Page title="Groups" description="Teams that get work together. A group may hold other groups.">
      <PlacesList kind="group" rows={list.rows} next={list.next} isFirst={!asked.cursor} search={asked.search ?? ""} />
    </Page>
  );
}

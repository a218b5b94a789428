import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PlaceBack } from "@/components/people/place-back";
import { PlaceForm } from "@/components/people/place-form";
import { Page } from "@/components/ui/page";
import { placeDetail } from "@/lib/people/loaders";

export const metadata: Metadata = { title: "Group" };

export default async function GroupPage({ params }: { params: Promise<{ name: string }> }) {
  const place = await placeDetail("group", (await params).name);
  if (!place) notFound();
  return (
    <Page back={<PlaceBack kind="group" />} title={place.label} description={place.name}>
      <PlaceForm key={place.id} kind="group" place={place} />
    </Page>
  );
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PlaceBack } from "@/components/people/place-back";
import { PlaceForm } from "@/components/people/place-form";
import { Page } from "@/components/ui/page";
import { placeDetail } from "@/lib/people/loaders";

export const metadata: Metadata = { title: "Queue" };

export default async function QueuePage({ params }: { params: Promise<{ name: string }> }) {
  const place = await placeDetail("queue", (await params).name);
  if (!place) notFound();
  return (
    <Page back={<PlaceBack kind="queue" />} title={place.label} description={place.name}>
      <PlaceForm key={place.id} kind="queue" place={place} />
    </Page>
  );
}

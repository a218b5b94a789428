import { type SQL, sql } from "drizzle-orm";
import { type Chain, chainsQuery } from "./delegation/stands-for";
import { type PlaceFound, placesQuery } from "./queries";

/** What is around a person: where their work may lie, and who is stood in for. */
export type Around = { places: PlaceFound[]; chains: Chain[] };

/** It as two columns of a statement, so that one question is enough for what every request asks. */
export const aroundColumns = (userId: string | SQL): SQL => sql`
  (select coalesce(json_agg(place), '[]') from (${placesQuery(userId)}) place) as places,
  (select coalesce(json_agg(chain), '[]') from (${chainsQuery(userId)}) chain) as chains`;

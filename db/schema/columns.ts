import { timestamp } from "drizzle-orm/pg-core";

/** An instant of the database's clock, in milliseconds: JavaScript knows no finer, and the history's order is by number anyway. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** All tables, for drizzle alone (the only file that gathers others). */
export * from "./attachments";
export * from "./calendars";
export * from "./connect";
export * from "./definitions";
export * from "./mail";
export * from "./people";
export * from "./queue";
export * from "./records";
export * from "./runs";
export * from "./work";

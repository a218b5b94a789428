import { pdfOf } from "../../../db/seed/pdf";
import { createSource, replaceSourceSecret } from "../../connect/commands/keep-source";
import type { Person } from "../../people/current-person";
import { takeUpload } from "../../records/take-upload";
import { NEXT_VERSION } from "./definitions";
import { type Scenario, scenario } from "./scenario";
import { actsOf, did } from "./scenario-acts";
import { aRecord, type Cast, commanded, must } from "./world";

/** What admins keep: objects, records, definitions, calendars, and other systems. */
const words = { label: "Ticket", pluralLabel: "Tickets", nameLabel: "Name", icon: "file", othersMay: "edit" };
const newField = { object: "Ticket", name: "Note", label: "Note", type: "text" };
const ticket = ({ ada }: Cast) => did(ada, "object.create", { name: "Ticket", ...words });
const noted = async (cast: Cast) => {
  await ticket(cast);
  await did(cast.ada, "object.add-field", newField);
};
const hours = (label: string) => ({
  ...{ name: "Hours", label, timeZone: "Europe/Berlin" },
  ...{ hours: Array.from({ length: 7 }, () => [{ from: "09:00", to: "17:00" }]), holidays: [] },
});
const text = JSON.stringify(NEXT_VERSION);
const another = JSON.stringify({ ...NEXT_VERSION, name: "Another" });

const OBJECTS = actsOf("ada", {
  "object.create": () => ({ name: "Ticket", ...words }),
  "object.change": async (cast) => {
    await ticket(cast);
    return { name: "Ticket", ...words, label: "Request", was: words };
  },
  "object.add-field": async (cast) => {
    await ticket(cast);
    return newField;
  },
  "object.change-field": async (cast) => {
    await noted(cast);
    const was = { label: "Note", required: false, defaultValue: null, help: "", options: {} };
    return { object: "Ticket", name: "Note", label: "Remark", was };
  },
  "object.order-fields": async (cast) => {
    await noted(cast);
    return { object: "Ticket", names: ["Note"] };
  },
  "object.delete": async (cast) => {
    await noted(cast);
    return { name: "Ticket" };
  },
  "object.delete-field": async (cast) => {
    await noted(cast);
    return { object: "Ticket", name: "Note" };
  },
  "record.create": () => ({ object: "Order", values: { Name: "An order" } }),
  "record.update": async ({ ada }) => {
    const id = await aRecord(ada);
    return { object: "Thing", id, values: { Status: "Ready" }, expectedVersion: 1 };
  },
  "record.remove-attachment": async ({ ada }) => ({ attachmentId: (await attached(ada)).id }),
});

type Upload = { readonly person: Person; readonly recordId: string };

function upload({ person, recordId }: Upload, key: string) {
  const bytes = pdfOf("A receipt", ["Paid."]);
  return takeUpload(person, { recordId, name: "receipt.pdf", size: bytes.length, bytes, key });
}

async function attached(person: Person): Promise<{ id: string }> {
  const done = await upload({ person, recordId: await aRecord(person) }, "the first file");
  if (!done.ok) throw new Error(`no file: ${JSON.stringify(done.refusal)}`);
  return done.value;
}

const DEFINED = actsOf("ada", {
  "definition.create": () => ({ type: "screen", name: "Made", label: "Made" }),
  "definition.save": () => ({ text: another, base: null }),
  "definition.deactivate": () => ({ name: "Council", force: true }),
  "definition.import": () => ({ text, activate: true }),
  "run.debug": async ({ ada }) => {
    const played = { definitionId: "Load", version: 1, recordId: await aRecord(ada), inputs: {} };
    return { ...played, startStage: null, mocks: {}, keep: true };
  },
  "calendar.create": () => hours("Hours"),
  "calendar.change": async ({ ada }) => {
    await did(ada, "calendar.create", hours("Hours"));
    return hours("Other hours");
  },
  "calendar.delete": async ({ ada }) => {
    await did(ada, "calendar.create", hours("Hours"));
    return { name: "Hours" };
  },
});

const API = "https://api.example.com";
const connection = { label: "Other system", baseUrl: API, credentialId: null };
const connected = ({ ada }: Cast) => did<{ connectionId: string }>(ada, "connection.create", connection);
const credential = { label: "Theirs", kind: "bearer", origin: API, secret: "a secret of theirs" };
const trusted = ({ ada }: Cast) => did<{ credentialId: string }>(ada, "connection.create-credential", credential);
const operation = async (cast: Cast) => ({
  ...{ name: "Call", label: "Call", connectionId: (await connected(cast)).connectionId, method: "GET", path: "/" },
  ...{ input: { type: "object" }, output: null },
});
const described = async (cast: Cast) => {
  const given = await operation(cast);
  await did(cast.ada, "operation.create", given);
  return given;
};

const CONNECTED = actsOf("ada", {
  "connection.allow-host": () => ({ origin: API }),
  "connection.remove-host": async ({ ada }) => {
    await did(ada, "connection.allow-host", { origin: API });
    return { origin: API };
  },
  "connection.create-credential": () => credential,
  "connection.replace-secret": async (cast) => ({ ...(await trusted(cast)), secret: "another of theirs" }),
  "connection.delete-credential": trusted,
  "connection.create": () => connection,
  "connection.change": async (cast) => ({ ...connection, ...(await connected(cast)), label: "Another system" }),
  "connection.delete": connected,
  "operation.create": operation,
  "operation.change": async (cast) => ({ ...(await described(cast)), label: "Call them", version: 1 }),
  "operation.delete": async (cast) => {
    await described(cast);
    return { name: "Call" };
  },
  "event-source.delete": async (cast) => {
    await sourceOf(cast.ada, "the first key");
    return { name: "shop" };
  },
});

const SECRET = `batev_${"s".repeat(43)}`;
const source = { name: "shop", label: "Shop", definitionId: "Load" };
const sourceOf = (person: Person, key: string) =>
  commanded(person, key, (tx) => createSource(tx, person, { ...source, secret: SECRET }));

/** Their secrets are made by the action and shown once, never again: so these are given without it. */
const SECRETS = [
  scenario<Person>({ name: "a source of events", prepare: async ({ ada }) => ada, act: sourceOf }),
  scenario<Person>({
    name: "another secret for a source of events",
    async prepare({ ada }) {
      await must(ada, (tx) => createSource(tx, ada, { ...source, secret: SECRET }));
      return ada;
    },
    act: (person, key) =>
      commanded(person, key, (tx) => replaceSourceSecret(tx, person, { name: "shop", secret: `${SECRET}s` })),
  }),
];

export const ADMIN: readonly Scenario[] = [
  ...OBJECTS,
  scenario<Upload>({
    name: "attach a file",
    prepare: async ({ ann }) => ({ person: ann, recordId: await aRecord(ann) }),
    act: upload,
  }),
  ...DEFINED,
  ...CONNECTED,
  ...SECRETS,
];

import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { sealedFile } from "../records/queries/files-of";
import type { WholeRecord } from "../records/queries/shaped-record";
import { type Chosen, type Fact, type Found, factsChosen, fieldsFilled, showValue } from "./queries/facts";
import type { Door, Seen } from "./seen";

/** Facts that a row of a list brings along. */
const MAX_LISTED = 6;

/** What of a request is shown there: an approver's page has what the process's author chose, or else the first fields that say something. */
export function factsAt(door: Door, definition: Orchestration, row: WholeRecord | null): Chosen[] {
  switch (door) {
    case "page":
    case "unsaid":
      return factsChosen(definition, row);
    case "list":
      return factsChosen(definition, row).slice(0, MAX_LISTED);
    case "record":
      return fieldsFilled(row);
    case "email":
      return definition.approval?.facts.length ? factsChosen(definition, row) : [];
    case "nothing":
      return [];
  }
}

export type Looked = {
  readonly pinned: Pinned<Orchestration>;
  readonly row: WholeRecord | null;
  readonly found: Found;
  /** Names by id as the reader may know them. */
  readonly names: Readonly<Record<string, string>>;
};

/** Of what was read what that door shows; `values` is what the step may be skipped by. */
export function seenAt(door: Door, looked: Looked, values: Seen["rests"]["values"] = {}): Seen {
  const { pinned, row } = looked;
  const facts = factsOf(looked, factsAt(door, pinned.body, row));
  const paths = new Set(facts.map(({ path }) => path));
  const others = factsOf(looked, factsAt("page", pinned.body, row)).filter(({ path }) => !paths.has(path));
  const files = (row?.files ?? []).map(sealedFile);
  const showsFiles = door === "page" || door === "unsaid" || door === "record";
  const isNothing = door === "nothing" || row === null;
  return {
    door,
    facts,
    record: isNothing
      ? null
      : {
          ...{ object: row.objectName, id: row.recordId, name: row.name, version: row.version },
          updatedAt: row.updatedAt.toISOString(),
        },
    definition: { name: pinned.definitionId, version: pinned.version, hash: pinned.hash },
    policy: door === "page" || door === "unsaid" ? (pinned.body.approval?.policy ?? "") : "",
    files: showsFiles ? files : [],
    rests: { facts: others, files: showsFiles || isNothing ? [] : files, values },
  };
}

const factsOf = ({ row, found, names }: Looked, chosen: readonly Chosen[]): Fact[] =>
  chosen.map(({ path, label }) => {
    const value = found.values[path] ?? null;
    const behind = found.behind[path] ?? [];
    const shown = value === null ? "" : showValue(value, path, { row, names });
    return { path, label, value, shown, ...(behind.length > 0 && { behind }) };
  });

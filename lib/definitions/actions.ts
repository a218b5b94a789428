"use server";

import { db } from "../../db/client";
import { action } from "../action";
import { recordSecurityEvent } from "../audit/commands";
import { runCommand } from "../command";
import { may } from "../gate";
import { removeField, removeObject } from "../records/commands/remove-object";
import { ok, refuse } from "../result";
import { check } from "./check";
import { activate as activateCommand } from "./commands/activate";
import { changeCalendar as changeCalendarCommand } from "./commands/change-calendar";
import { createCalendar as createCalendarCommand } from "./commands/create-calendar";
import { createDefinition as createCommand } from "./commands/create-definition";
import { deactivate as deactivateCommand } from "./commands/deactivate";
import { deleteCalendar as deleteCalendarCommand } from "./commands/delete-calendar";
import { importDefinitions as importCommand } from "./commands/import-definitions";
import { saveDraft as saveCommand } from "./commands/save-draft";
import { exportDefinition as exportQuery } from "./export-definition";
import { findUses } from "./find-uses";
import { parse } from "./parse";
import {
  activateInput,
  changeCalendarInput,
  checkInput,
  createCalendarInput,
  createInput,
  deactivateInput,
  deleteCalendarInput,
  deleteFieldInput,
  deleteObjectInput,
  exportInput,
  importInput,
  MAX_BODY_BYTES,
  saveDraftInput,
} from "./schema";

/** A new definition with a small draft of its type. */
export const createDefinition = action({
  name: "definition.create",
  schema: createInput,
  run: ({ person, input, key }) =>
    runCommand(
      { kind: "create-definition", actorId: person.userId, subjectId: input.name, ...(key ? { key } : {}) },
      (tx) => createCommand(tx, person, input),
    ),
});

/** Saves what was typed as the draft of the definition that it names. */
export const saveDraft = action({
  name: "definition.save",
  schema: saveDraftInput,
  maxText: MAX_BODY_BYTES,
  run: async ({ person, input, key }) => {
    const parsed = parse(input.text);
    if (!parsed.ok) return refuse("definition-invalid", { problems: parsed.problems });
    return runCommand({ kind: "save-draft", actorId: person.userId, ...(key ? { key } : {}) }, (tx) =>
      saveCommand(tx, person, { body: parsed.value, base: input.base }),
    );
  },
});

/** Everything that would keep what was typed from being activated, and what its author should know. Changes nothing. */
export const checkDefinition = action({
  name: "definition.check",
  schema: checkInput,
  maxText: MAX_BODY_BYTES,
  run: async ({ person, input }) => {
    if (!may(person, "definition.edit")) return refuse("not-found");
    const parsed = parse(input.text);
    if (!parsed.ok) return ok({ problems: parsed.problems, warnings: [] });
    const { problems, warnings } = await check(db(), parsed.value);
    return ok({ problems, warnings });
  },
});

export const activateDefinition = action({
  name: "definition.activate",
  schema: activateInput,
  run: ({ person, input, key }) =>
    runCommand(
      { kind: "activate-definition", actorId: person.userId, subjectId: input.name, ...(key ? { key } : {}) },
      (tx) => activateCommand(tx, person, input),
    ),
});

export const deactivateDefinition = action({
  name: "definition.deactivate",
  schema: deactivateInput,
  run: ({ person, input, key }) =>
    runCommand(
      { kind: "deactivate-definition", actorId: person.userId, subjectId: input.name, ...(key ? { key } : {}) },
      (tx) => deactivateCommand(tx, person, input),
    ),
});

/** One definition or an array of them, all or nothing. */
export const importDefinitions = action({
  name: "definition.import",
  schema: importInput,
  maxText: MAX_BODY_BYTES,
  run: async ({ person, input, key }) => {
    const parsed = parse(input.text);
    if (!parsed.ok) return refuse("definition-invalid", { problems: parsed.problems });
    const content = parsed.value;
    return runCommand({ kind: "import-definitions", actorId: person.userId, ...(key ? { key } : {}) }, (tx) =>
      importCommand(tx, person, { content, activate: input.activate }),
    );
  },
});

/** The text of a file that another Baton can import. Changes nothing. */
export const exportDefinition = action({
  name: "definition.export",
  limit: "export",
  schema: exportInput,
  run: async ({ person, input }) => {
    if (!may(person, "definition.read")) return refuse("not-found");
    const { name, version } = input;
    const text = await exportQuery(db(), name, version);
    if (text === null) return refuse("not-found");
    const event = { action: "definition-export", actorId: person.userId, objectId: name, details: { version } };
    await recordSecurityEvent(null, { ...event, allowed: true });
    return ok({ text });
  },
});

/** Deletes an object without records that nothing names. Here and not among the records, because definitions name objects. */
export const deleteObject = action({
  name: "object.delete",
  schema: deleteObjectInput,
  run: ({ person, input: { name }, key }) =>
    runCommand({ kind: "delete-object", actorId: person.userId, subjectId: name, ...(key ? { key } : {}) }, (tx) =>
      removeObject(tx, person, { name, uses: () => findUses(tx.db, { object: name, field: null }) }),
    ),
});

/** Deletes a field that no record has a value in and nothing names. */
export const deleteField = action({
  name: "object.delete-field",
  schema: deleteFieldInput,
  run: ({ person, input: { object, name }, key }) =>
    runCommand({ kind: "delete-field", actorId: person.userId, subjectId: object, ...(key ? { key } : {}) }, (tx) =>
      removeField(tx, person, { object, name, uses: () => findUses(tx.db, { object, field: name }) }),
    ),
});

export const createCalendar = action({
  name: "calendar.create",
  schema: createCalendarInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "create-calendar", actorId: person.userId, subjectId: input.name, key }, (tx) =>
      createCalendarCommand(tx, person, input),
    ),
});

export const changeCalendar = action({
  name: "calendar.change",
  schema: changeCalendarInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "change-calendar", actorId: person.userId, subjectId: input.name, key }, (tx) =>
      changeCalendarCommand(tx, person, input),
    ),
});

export const deleteCalendar = action({
  name: "calendar.delete",
  schema: deleteCalendarInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "delete-calendar", actorId: person.userId, subjectId: input.name, key }, (tx) =>
      deleteCalendarCommand(tx, person, input),
    ),
});

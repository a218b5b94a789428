"use server";

import { z } from "zod";
import { action } from "../action";
import { runCommand } from "../command";
import { apiName } from "../logic/schema";
import { addField, changeField, orderFields } from "./commands/define-field";
import { changeObject as change, createObject as create } from "./commands/define-object";
import { removeFile } from "./commands/remove-file";
import { saveRecord } from "./commands/save-record";
import { fieldChangeSchema, MAX_FIELDS, newFieldSchema, objectChangeSchema, objectSchema } from "./schema/object";
import { createRecordSchema, updateRecordSchema } from "./schema/record";

const key = z.string().min(1).max(100);

export const createRecord = action({
  name: "record.create",
  schema: createRecordSchema,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "record.create", actorId: person.userId, key }, (tx) => saveRecord(tx, person, input)),
});

export const updateRecord = action({
  name: "record.update",
  schema: updateRecordSchema,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "record.update", actorId: person.userId, key, subjectId: input.id }, (tx) =>
      saveRecord(tx, person, input),
    ),
});

export const removeAttachment = action({
  name: "record.remove-attachment",
  schema: z.strictObject({ key, attachmentId: z.string().max(40) }),
  run: ({ person, input: { key, attachmentId } }) =>
    runCommand({ kind: "record.remove-attachment", actorId: person.userId, key, subjectId: attachmentId }, (tx) =>
      removeFile(tx, person, attachmentId),
    ),
});

export const createObject = action({
  name: "object.create",
  schema: objectSchema.extend({ key }),
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "object.create", actorId: person.userId, key }, (tx) => create(tx, person, input)),
});

export const changeObject = action({
  name: "object.change",
  schema: objectChangeSchema.extend({ key }),
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "object.change", actorId: person.userId, key, subjectId: input.name }, (tx) =>
      change(tx, person, input),
    ),
});

export const createField = action({
  name: "object.add-field",
  schema: newFieldSchema.extend({ key, object: apiName }),
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "object.add-field", actorId: person.userId, key, subjectId: input.object }, (tx) =>
      addField(tx, person, input),
    ),
});

export const updateField = action({
  name: "object.change-field",
  schema: fieldChangeSchema.extend({ key, object: apiName }),
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "object.change-field", actorId: person.userId, key, subjectId: input.object }, (tx) =>
      changeField(tx, person, input),
    ),
});

export const moveFields = action({
  name: "object.order-fields",
  schema: z.strictObject({ key, object: apiName, names: z.array(apiName).max(MAX_FIELDS) }),
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "object.order-fields", actorId: person.userId, key, subjectId: input.object }, (tx) =>
      orderFields(tx, person, input),
    ),
});

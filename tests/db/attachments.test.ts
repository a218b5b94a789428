import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { attachment, attachmentContent, securityEvent } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { deleteRecord } from "../../lib/records/commands/delete-record";
import { removeFile } from "../../lib/records/commands/remove-file";
import { contentOf, filesOf, listFiles } from "../../lib/records/queries/files-of";
import { MAX_BYTES_OF_PERSON, MAX_FILE_BYTES, MAX_FILES } from "../../lib/records/schema/attachment";
import { takeUpload } from "../../lib/records/take-upload";
import { verifyFiles } from "../../lib/records/verify-files";
import { sentenceOf } from "../../lib/refusals";
import { cast, makeCast, ROLES, type Work, work } from "../actions/cast";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aGif, aJpeg, aPdf, aPng, attached, aWebp, aZip, type Given } from "../builders/files";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aRun, commanded } from "../builders/runs";

/** S69 to S71: what may be attached, by whom, and what becomes of it. */
let owner: Person;
let recordId: string;
const NAMED = "pdf,png,jpg,jpeg,gif,webp,txt,csv,docx,xlsx,pptx,odt,ods,odp".split(",");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const remove = (person: Person, id: string) => commanded(person, (tx) => removeFile(tx, person, id));
const namesOn = async (id: string) => (await filesOf(db(), id)).map(({ name }) => name);
const counts = async () => {
  const [row] = await db().execute(
    sql`select (select count(*)::int from attachment) as files, (select count(*)::int from attachment_content) as contents`,
  );
  return row;
};
/** The code and the sentence of a refusal that left nothing. */
async function refused(given: Given, person = owner, on = recordId) {
  const before = await counts();
  const answer = await attached(person, on, given);
  expect(await counts()).toEqual(before);
  if (answer.ok) throw new Error(`${given.name} was attached`);
  return { code: answer.refusal.code, sentence: sentenceOf(answer.refusal) };
}

beforeAll(async () => {
  await makeCast();
  owner = cast().starter;
  recordId = await aRecord("Secret", {}, owner);
});

const OOXML = "[Content_Types].xml";
const KINDS: Readonly<Record<string, Buffer>> = {
  pdf: aPdf(),
  png: aPng(),
  jpg: aJpeg(),
  jpeg: aJpeg(),
  gif: aGif(),
  webp: aWebp(),
  txt: Buffer.from("Grüße\n\tund so weiter"),
  csv: Buffer.from("Betrag;M\xfcller\r\n12;3\r\n", "latin1"),
  docx: aZip(OOXML, "word/document.xml"),
  xlsx: aZip(OOXML, "xl/workbook.xml"),
  pptx: aZip(OOXML, "ppt/presentation.xml"),
  odt: aZip("mimetypeapplication/vnd.oasis.opendocument.text"),
  ods: aZip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
  odp: aZip("mimetypeapplication/vnd.oasis.opendocument.presentation"),
};

describe("S69: what is taken", () => {
  test.each(NAMED)("a %s file, with its bytes as they were sent", async (ending) => {
    const bytes = KINDS[ending] ?? Buffer.alloc(0);
    const { id } = must(await attached(owner, await aRecord("Secret", {}, owner), { name: `A file.${ending}`, bytes }));
    const [row] = await db().select().from(attachment).where(eq(attachment.attachmentId, id));
    expect(row).toMatchObject({ name: `A file.${ending}`, size: bytes.length, sha256: sha256(bytes) });
    expect(await contentOf(db(), id)).toEqual(bytes);
  });

  test("text in the letters of Windows and in UTF-16 is text", async () => {
    const on = await aRecord("Secret", {}, owner);
    must(await attached(owner, on, { name: "wide.txt", bytes: Buffer.from("\ufeffWeit", "utf16le") }));
    expect(await namesOn(on)).toEqual(["wide.txt"]);
  });

  test.each([
    ["page.html", Buffer.from("<html>"), "file-type"],
    ["picture.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "file-type"],
    ["data.xml", Buffer.from("<?xml version='1.0'?>"), "file-type"],
    ["run.js", Buffer.from("alert(1)"), "file-type"],
    ["run.exe", Buffer.from("MZ\0\0"), "file-type"],
    ["macros.docm", aZip(OOXML, "word/vbaProject.bin"), "file-type"],
    ["files.zip", aZip("a.txt"), "file-type"],
    ["mail.eml", Buffer.from("From: a@example.org"), "file-type"],
    ["nothing", Buffer.from("x"), "file-type"],
    ["empty.pdf", Buffer.alloc(0), "file-empty"],
    ["large.pdf", Buffer.concat([aPdf(), Buffer.alloc(MAX_FILE_BYTES)]), "file-large"],
  ])("%s is not, and the sentence names it", async (name, bytes, code) => {
    const answer = await refused({ name, bytes });
    expect(answer.code).toBe(code);
    expect(answer.sentence).toContain(`“${name}”`);
    expect(answer.sentence).toContain("not attached");
  });

  test.each([
    ["a page as an image", "a.png", Buffer.from("<html><script>alert(1)</script>"), "file-other"],
    ["an image as a PDF", "a.pdf", aPng(), "file-other"],
    ["a PDF behind a page", "a.pdf", Buffer.concat([Buffer.from("<html>"), aPdf()]), "file-other"],
    ["a program as text", "a.txt", Buffer.from("MZ\x90\0\x03\0"), "file-other"],
    ["a PDF as text", "a.txt", aPdf(), "file-other"],
    ["an archive as a Word document", "a.docx", aZip("a.txt"), "file-other"],
    ["a workbook as a Word document", "a.docx", aZip(OOXML, "xl/workbook.xml"), "file-other"],
    ["an archive behind a page", "a.docx", Buffer.concat([Buffer.from("<html>"), KINDS.docx ?? aPdf()]), "file-other"],
    ["a document with macros", "a.docx", aZip(OOXML, "word/document.xml", "word/vbaProject.bin"), "file-macros"],
    ["a page as text", "a.txt", Buffer.from("\ufeff \n<!DOCTYPE html><p>"), "file-markup"],
    ["an SVG as a table", "a.csv", Buffer.from("<svg onload=alert(1)>"), "file-markup"],
    ["a page as text in UTF-16", "a.txt", Buffer.from("\ufeff<html>", "utf16le"), "file-markup"],
    ["a script as text", "a.txt", Buffer.from("#!/bin/sh\nrm -rf /"), "file-markup"],
    ["an image of no size", "a.png", aPng(0, 5), "file-other"],
    ["a head without an image", "a.jpg", Buffer.from("ffd8ffe0", "hex"), "file-other"],
  ])("%s is refused by what it holds", async (_what, name, bytes, code) => {
    expect((await refused({ name, bytes })).code).toBe(code);
  });

  test("an image of more than 40 megapixels is refused, of each kind", async () => {
    const on = await aRecord("Secret", {}, owner);
    for (const [ending, make] of Object.entries({ png: aPng, jpg: aJpeg, gif: aGif, webp: aWebp })) {
      expect((await refused({ name: `a.${ending}`, bytes: make(8_000, 5_001) })).code).toBe("file-pixels");
      must(await attached(owner, on, { name: `a.${ending}`, bytes: make(8_000, 5_000) }));
    }
  });

  test.each([
    ["../../etc/x.pdf", "x.pdf"],
    ["C:\\Temp\\x.pdf", "x.pdf"],
    ["a\0b\r\n.pdf", "ab.pdf"],
    ["\u202epdf.\u2066exe\u200b.pdf", "pdf.exe.pdf"],
    ["CON.pdf", "_CON.pdf"],
    ["nul.txt.pdf", "_nul.txt.pdf"],
    ["..hidden.pdf", "hidden.pdf"],
    ['a"b<c>|?*:.pdf', "a_b_c_____.pdf"],
    ["Cafe\u0301 \u{1f4c4}.pdf", "Café \u{1f4c4}.pdf"],
    ["half \ud800.pdf", "half \ufffd.pdf"],
  ])("the name %j is only text: %j", async (given, kept) => {
    const on = await aRecord("Secret", {}, owner);
    must(await attached(owner, on, { name: given }));
    expect(await namesOn(on)).toEqual([kept]);
  });

  test.each([
    ["photo\u202egpj.exe", "file-type"],
    ["\u202e\u200b", "file-unnamed"],
    ["../", "file-unnamed"],
    [`${"n".repeat(197)}.pdf`, "file-name-long"],
  ])("the name %j is refused", async (name, code) => {
    expect((await refused({ name })).code).toBe(code);
  });

  test("at most so many on a record, at a time", async () => {
    const on = await aRecord("Secret", {}, owner);
    for (let made = 1; made <= MAX_FILES; made++) must(await attached(owner, on, { name: `${made}.pdf` }));
    const { code, sentence } = await refused({ name: "one more.pdf" }, owner, on);
    expect(code).toBe("too-many-files");
    expect(sentence).toContain(String(MAX_FILES));
    must(await remove(owner, (await filesOf(db(), on))[0]?.attachmentId ?? ""));
    // Of two at once that would be the last, one is.
    const twins = await Promise.all(["a.pdf", "b.pdf"].map((name) => attached(owner, on, { name })));
    expect(twins.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("at most so much of one person, wherever it is attached", async () => {
    const hoarder = await aPerson();
    const [one, other] = [await aRecord("Secret", {}, hoarder), await aRecord("Secret", {}, hoarder)];
    const { id } = must(await attached(hoarder, one, { name: "a.pdf" }));
    await pretend(id, MAX_BYTES_OF_PERSON - aPdf().length);
    const twins = await Promise.all([one, other].map((on) => attached(hoarder, on, { name: "b.pdf" })));
    expect(twins.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await refused({ name: "c.pdf" }, hoarder, other)).toMatchObject({ code: "too-much-attached" });
    await pretend(id, aPdf().length);
    must(await attached(hoarder, other, { name: "c.pdf" }));
  });

  /** As if the file were as long, behind the trigger that lets nobody say so. */
  const pretend = (id: string, size: number) =>
    transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
      await tx.sql`set local session_replication_role = replica`;
      await tx.sql`update attachment set size = ${size} where attachment_id = ${id}`;
    });
});

describe("sent again", () => {
  test("with the same key it is attached once, also at once", async () => {
    const on = await aRecord("Secret", {}, owner);
    const given = { name: "a.pdf", key: newId("command") };
    const [first, second] = await Promise.all([attached(owner, on, given), attached(owner, on, given)]);
    expect(must(first)).toEqual(must(second));
    expect(await attached(owner, on, given)).toEqual(first);
    expect(await namesOn(on)).toEqual(["a.pdf"]);
  });

  test("fewer bytes than were promised are none", async () => {
    const before = await counts();
    const upload = { recordId, name: "a.pdf", size: 5_000, bytes: aPdf(), key: newId("command") };
    expect(await takeUpload(owner, upload)).toMatchObject({ refusal: { code: "file-cut" } });
    expect(await counts()).toEqual(before);
  });
});

describe("who may (S70, S71)", () => {
  let item: Work;
  beforeAll(async () => {
    item = await work("person");
  });

  test.each(ROLES.filter((role) => role !== "anonymous"))(
    "%s attaches and removes where they may edit",
    async (role) => {
      const person = cast()[role];
      const { id } = must(await attached(owner, item.recordId, { name: "theirs.pdf" }));
      const before = await counts();
      const [added, gone] = [await attached(person, item.recordId, { name: "a.pdf" }), await remove(person, id)];
      const may = role === "starter" || role === "admin";
      expect([added.ok, gone.ok]).toEqual([may, may]);
      if (may) return;
      expect([added, gone]).toMatchObject([{ refusal: { code: "not-found" } }, { refusal: { code: "not-found" } }]);
      expect(await counts()).toEqual(before);
    },
  );

  test("an id that is no attachment's, or of a record of somebody else, removes nothing", async () => {
    const theirs = await aPerson();
    const { id } = must(await attached(theirs, await aRecord("Secret", {}, theirs), { name: "a.pdf" }));
    for (const wrong of [id, item.recordId, newId("attachment"), "att_x", ""])
      expect(await remove(owner, wrong)).toMatchObject({ refusal: { code: "not-found" } });
    expect(await contentOf(db(), id)).not.toBeNull();
  });

  test("who was put out a moment ago attaches nothing any more", async () => {
    const leaver = await aPerson();
    const on = await aRecord("Secret", {}, leaver);
    await db().execute(sql`update "user" set active = false where user_id = ${leaver.userId}`);
    expect((await refused({ name: "a.pdf" }, leaver, on)).code).toBe("not-found");
  });
});

describe("a locked record", () => {
  const locking = (name: string, more: object = {}) =>
    anOrchestration([aStage("S", [anInteractiveStep("A", { locksRecord: true, ...more })])], { name, label: name });

  test("takes no file, and says who holds it", async () => {
    const ann = await aPerson();
    const { recordId: on } = await aRun(locking("Holds"), ann);
    const { code, sentence } = await refused({ name: "a.pdf" }, ann, on);
    expect(code).toBe("record-locked");
    expect(sentence).toContain("Holds");
  });

  test("lets an assignee whose step may edit, and nobody else attach or remove", async () => {
    const ann = await aPerson();
    const { recordId: on } = await aRun(locking("Edits", { mayEditRecord: true }), ann);
    const { id } = must(await attached(ann, on, { name: "a.pdf" }));
    expect((await refused({ name: "b.pdf" }, cast().admin, on)).code).toBe("record-locked");
    expect(await remove(cast().admin, id)).toMatchObject({ refusal: { code: "record-locked" } });
    must(await remove(ann, id));
  });
});

describe("removed", () => {
  test("its content is gone, and it stays known who removed it and when", async () => {
    const on = await aRecord("Secret", {}, owner);
    const { id } = must(await attached(owner, on, { name: "a.pdf" }));
    must(await remove(owner, id));
    expect(await contentOf(db(), id)).toBeNull();
    expect(await listFiles(db(), on)).toMatchObject([
      { id, name: "a.pdf", removed: { byName: owner.name, at: expect.stringMatching(/Z$/) } },
    ]);
    expect(await remove(owner, id)).toMatchObject({ refusal: { code: "file-removed", details: { by: owner.name } } });
    const events = await db().select().from(securityEvent).where(eq(securityEvent.objectId, id));
    expect(events).toMatchObject([
      {
        action: "attachment-remove",
        actorId: owner.userId,
        details: { recordId: on, name: "a.pdf", sha256: sha256(aPdf()) },
      },
    ]);
  });

  test("with its record, and then all of it", async () => {
    const on = await aRecord("Secret", {}, owner);
    const { id } = must(await attached(owner, on, { name: "a.pdf" }));
    must(await commanded(owner, (tx) => deleteRecord(tx, owner, { object: "Secret", id: on })));
    expect(await contentOf(db(), id)).toBeNull();
  });
});

describe("the database", () => {
  test("lets nobody change an attachment or what it holds", async () => {
    const { id } = must(await attached(owner, recordId, { name: "a.pdf" }));
    const its = eq(attachment.attachmentId, id);
    const content = eq(attachmentContent.attachmentId, id);
    await expect(db().update(attachment).set({ name: "b.pdf" }).where(its)).rejects.toThrow();
    await expect(db().update(attachmentContent).set({ bytes: aPng() }).where(content)).rejects.toThrow();
    must(await remove(owner, id));
    await expect(db().update(attachment).set({ removedBy: null, removedAt: null }).where(its)).rejects.toThrow();
  });

  test("is examined: other bytes, missing ones and some too many are found", async () => {
    const { id } = must(await attached(owner, recordId, { name: "a.pdf" }));
    const other = must(await attached(owner, recordId, { name: "b.pdf" }));
    const meddled = async (change: string) => {
      let said: string[] = [];
      await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
        await tx.sql`set local session_replication_role = replica`;
        await tx.db.execute(sql.raw(change));
        said = await verifyFiles(tx.db);
        throw new Undo();
      }).catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
      return said;
    };
    const at = `where attachment_id = '${id}'`;
    expect(await verifyFiles(db())).toEqual([]);
    expect(await meddled(`update attachment_content set bytes = overlay(bytes placing '\\x00' from 9) ${at}`)).toEqual([
      `${id} does not hold what its SHA-256 says`,
    ]);
    expect(await meddled(`update attachment_content set bytes = '\\x00' ${at}`)).toEqual([
      `${id} is not as long as it was`,
    ]);
    expect(await meddled(`delete from attachment_content ${at}`)).toEqual([`${id} has no content`]);
    expect(await meddled(`update attachment set removed_at = now() where attachment_id = '${other.id}'`)).toEqual([
      `${other.id} was removed, and its content is still there`,
    ]);
  });
});

class Undo extends Error {}

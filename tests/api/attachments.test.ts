import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { GET } from "../../app/api/attachments/[attachmentId]/route";
import { POST } from "../../app/api/records/[recordId]/attachments/route";
import { db } from "../../db/client";
import { newId } from "../../lib/ids";
import { removeFile } from "../../lib/records/commands/remove-file";
import { MAX_FILE_BYTES } from "../../lib/records/schema/attachment";
import { cast, makeCast, ROLES, type Role, sessionOf, type Work, work } from "../actions/cast";
import { fingerprint } from "../actions/fingerprint";
import { aPdf, attached } from "../builders/files";
import { must } from "../builders/records";
import { commanded } from "../builders/runs";
import { asking, ownHeaders } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

/** S69 to S71 at the doors: what a request of the upload and of the download is answered. */
let item: Work;
beforeAll(async () => {
  await makeCast();
  item = await work("person");
});

type Sent = {
  readonly role?: Role;
  readonly recordId?: string;
  readonly query?: string;
  readonly body?: BodyInit;
  readonly headers?: Record<string, string>;
};
const bytes = new Uint8Array(aPdf());
async function upload({ role = "starter", recordId = item.recordId, query, body = bytes, headers = {} }: Sent = {}) {
  const from = ownHeaders({
    "idempotency-key": newId("command"),
    "content-type": "application/octet-stream",
    ...headers,
  });
  const asked = query ?? `name=a.pdf&size=${bytes.length}`;
  const init = { method: "POST", headers: from, body, ...(body instanceof ReadableStream && { duplex: "half" }) };
  const request = new Request(`http://127.0.0.1:3000/api/records/${recordId}/attachments?${asked}`, init);
  const params = Promise.resolve({ recordId });
  const answer = await asking({ sessionId: sessionOf(role), headers: from }, () => POST(request, { params }));
  return {
    status: answer.status,
    body: (await answer.json()) as { id?: string; error?: { code: string; message: string } },
  };
}
const download = (attachmentId: string, role: Role = "starter") =>
  asking({ sessionId: sessionOf(role) }, () =>
    GET(new Request(`http://127.0.0.1:3000/api/attachments/${attachmentId}`), {
      params: Promise.resolve({ attachmentId }),
    }),
  );
const rows = async () =>
  (await db().execute<{ count: number }>(sql`select count(*)::int as count from attachment`))[0]?.count;
const unmoved = async () => ({ ...(await fingerprint()), command: "" });

describe("uploading", () => {
  test("is answered with the attachment's id; the same key again with the same, and no second file", async () => {
    const headers = { "idempotency-key": "a key of its own" };
    const first = await upload({ headers });
    expect(first).toEqual({ status: 201, body: { id: expect.stringMatching(/^att_/) } });
    const before = await rows();
    expect(await upload({ headers })).toEqual(first);
    expect(await rows()).toBe(before);
    const other = new Uint8Array(aPdf("Other"));
    const more = { headers, body: other, query: `name=a.pdf&size=${other.length}` };
    expect(await upload(more)).toMatchObject({ status: 409, body: { error: { code: "key-reused" } } });
    expect(await rows()).toBe(before);
  });

  test.each(ROLES)("%s", async (role) => {
    const before = await unmoved();
    const may = role === "starter" || role === "admin";
    const isIn = role !== "anonymous" && role !== "deactivated";
    const { status } = await upload({ role });
    expect(status).toBe(may ? 201 : isIn ? 404 : 401);
    if (!may) expect(await unmoved()).toEqual(before);
  });

  test.each<[string, Sent, number, string]>([
    ["another site", { headers: { origin: "https://evil.example" } }, 409, "foreign-origin"],
    ["no key", { headers: { "idempotency-key": "" } }, 400, "key-missing"],
    ["no name", { query: "size=5" }, 400, "invalid"],
    ["a path beside the name", { query: "name=a.pdf&size=5&path=/etc/passwd" }, 400, "invalid"],
    ["a size that is none", { query: "name=a.pdf&size=many" }, 400, "invalid"],
    ["another size than it has", { query: "name=a.pdf&size=5" }, 400, "file-cut"],
    ["a record that does not exist", { recordId: "rec_none" }, 404, "not-found"],
    ["HTML under an honest name", { query: "name=a.html&size=6", body: "<html>" }, 415, "file-type"],
    ["HTML under another", { query: "name=a.pdf&size=6", body: "<html>" }, 415, "file-other"],
  ])("with %s is refused, and nothing is kept", async (_what, sent, status, code) => {
    const before = await unmoved();
    const answer = await upload(sent);
    expect([answer.body.error?.code, answer.status]).toEqual([code, code === "foreign-origin" ? 403 : status]);
    expect(answer.body.error?.message).toMatch(/[a-z]\.$/);
    expect(await unmoved()).toEqual(before);
  });

  test("S71: JSON that poses as an upload is what it is, and names no other file", async () => {
    const before = await unmoved();
    const body = JSON.stringify({ files: { file: { filepath: "/etc/passwd", originalFilename: "a.pdf", size: 10 } } });
    const headers = { "content-type": "application/json" };
    for (const name of ["a.pdf", "a.png", "a.docx"])
      expect((await upload({ body, headers, query: `name=${name}&size=${body.length}` })).status).toBe(415);
    expect(await unmoved()).toEqual(before);
  });

  test("more than ten megabytes are read no further", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1_048_576;
        controller.enqueue(new Uint8Array(1_048_576));
      },
    });
    expect(await upload({ body, query: "name=a.pdf&size=5" })).toMatchObject({
      status: 413,
      body: { error: { code: "too-large", message: expect.stringContaining("10 MB") } },
    });
    expect(sent).toBeLessThan(MAX_FILE_BYTES + 4 * 1_048_576);
  });

  test("what breaks off in the middle leaves nothing", async () => {
    const before = await unmoved();
    let parts = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (parts++ === 0) controller.enqueue(bytes.subarray(0, 100));
        else controller.error(new Error("the connection is gone"));
      },
    });
    expect(await upload({ body })).toMatchObject({ status: 400, body: { error: { code: "body-cut" } } });
    expect(await unmoved()).toEqual(before);
  });
});

describe("S70: downloading", () => {
  test("gives the bytes as they were sent, to be kept and not shown", async () => {
    const { id } = must(await attached(cast().starter, item.recordId, { name: "Köln “2”.pdf" }));
    const answer = await download(id);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(aPdf());
    const wanted = {
      "content-type": "application/pdf",
      "content-disposition":
        "attachment; filename=\"Koln _2_.pdf\"; filename*=UTF-8''K%C3%B6ln%20%E2%80%9C2%E2%80%9D.pdf",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    };
    for (const [name, value] of Object.entries(wanted)) expect([name, answer.headers.get(name)]).toEqual([name, value]);
  });

  test("a name breaks out of no header", async () => {
    const { id } = must(await attached(cast().starter, item.recordId, { name: "a'(1)*%0d%0a\r\nSet-Cookie: x.pdf" }));
    const answer = await download(id);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%-]+$/,
    );
  });

  test("what was removed, or is none, is answered like what is not theirs", async () => {
    const { starter } = cast();
    const { id } = must(await attached(starter, item.recordId, { name: "a.pdf" }));
    const theirs = await (await download(id, "outsider")).text();
    must(await commanded(starter, (tx) => removeFile(tx, starter, id)));
    for (const wrong of [id, newId("attachment"), item.recordId, "../../etc/passwd"]) {
      const answer = await download(wrong);
      expect([answer.status, await answer.text()]).toEqual([404, theirs]);
    }
  });
});

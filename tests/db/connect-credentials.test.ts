import { randomBytes } from "node:crypto";
import { desc, eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { connection, credential, securityEvent } from "../../db/schema";
import { changeConnection, createConnection, deleteConnection } from "../../lib/connect/commands/keep-connection";
import {
  createCredential,
  deleteCredential,
  replaceSecret,
  rotateCredentials,
} from "../../lib/connect/commands/keep-credential";
import { callableOperation } from "../../lib/connect/queries/callable-operation";
import { listCredentials } from "../../lib/connect/queries/list-connections";
import { newCredentialInput } from "../../lib/connect/schema/connection";
import { openSecret, sealSecret } from "../../lib/connect/seal-secret";
import * as environment from "../../lib/env";
import { isSignature, knownKeys, presentKey, sign } from "../../lib/people/sign-in/derive-key";
import type { Result } from "../../lib/result";
import { aConnection, aCredential, anAdmin, anOperation, callable } from "../builders/connections";
import { aPerson } from "../builders/people";
import { commanded, must } from "../builders/records";

const CANARY = "canary-1c383cd30b7c298a";
const ORIGIN = "https://api.example.com";
const codeOf = (result: Result<unknown>) => (result.ok ? "ok" : result.refusal.code);
const rowOf = async (id: string) => {
  const [row] = await db().select().from(credential).where(eq(credential.credentialId, id));
  if (!row) throw new Error(`no ${id}`);
  return row;
};
const present = environment.env();
/** Another AUTH_SECRET, as after the operator changed it. */
const withSecrets = (AUTH_SECRET: string, AUTH_SECRET_PREVIOUS?: string) =>
  vi.spyOn(environment, "env").mockReturnValue({ ...present, AUTH_SECRET, AUTH_SECRET_PREVIOUS });
const fresh = () => randomBytes(32).toString("base64url");

beforeEach(async () => {
  await db().execute(sql`delete from operation; delete from connection; delete from credential`);
});
afterEach(() => void vi.restoreAllMocks());

describe("S85: a secret at rest", () => {
  test("opens again for its row, and the row holds nothing of it", async () => {
    const id = await aCredential({ origin: ORIGIN, secret: CANARY });
    const row = await rowOf(id);
    expect(openSecret(row, row)).toBe(CANARY);
    const text = JSON.stringify(row);
    for (const spelled of [
      CANARY,
      Buffer.from(CANARY).toString("base64"),
      Buffer.from(CANARY).toString("base64url"),
      Buffer.from(CANARY).toString("hex"),
    ])
      expect(text).not.toContain(spelled);
  });
  test("is sealed with another nonce each time", () => {
    const row = { credentialId: "crd_1", origin: ORIGIN };
    const sealed = Array.from({ length: 100 }, () => sealSecret(row, CANARY).sealed);
    expect(new Set(sealed.map((text) => text.slice(0, 16))).size).toBe(100);
  });
  test("moved to another row, or the row to another server, opens no more", async () => {
    const [mine, other] = [
      await rowOf(await aCredential({ origin: ORIGIN, secret: CANARY })),
      await rowOf(await aCredential({ origin: ORIGIN, secret: "something else" })),
    ];
    expect(openSecret(other, mine)).toBeNull();
    expect(openSecret({ ...mine, origin: "https://evil.example" }, mine)).toBeNull();
    expect(openSecret(mine, other)).toBeNull();
    await db().update(credential).set({ sealed: mine.sealed }).where(eq(credential.credentialId, other.credentialId));
    const name = await anOperation(ORIGIN, { credentialId: other.credentialId });
    expect(await callableOperation(db(), name)).toEqual({
      ok: false,
      refusal: "its credential cannot be opened; an admin must enter it again",
    });
  });
  test("with one bit changed anywhere opens no more", () => {
    const row = { credentialId: "crd_1", origin: ORIGIN };
    const sealed = sealSecret(row, CANARY);
    const bytes = Buffer.from(sealed.sealed, "base64url");
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openSecret(row, { ...sealed, sealed: changed.toString("base64url") })).toBeNull();
    }
    for (const short of ["", "AAAA", sealed.sealed.slice(0, 20)])
      expect(openSecret(row, { ...sealed, sealed: short })).toBeNull();
  });
  test("comes back to no page: what lists give has no trace of it", async () => {
    await aCredential({ origin: ORIGIN, secret: CANARY });
    const shown = await listCredentials(db());
    expect(shown).toMatchObject([{ kind: "bearer", origin: ORIGIN, key: "present" }]);
    expect(Object.keys(shown[0] ?? {}).toSorted()).toEqual([
      "changedAt",
      "changedBy",
      "credentialId",
      "headerName",
      "key",
      "kind",
      "label",
      "origin",
      "username",
    ]);
  });
  test("rotation seals all anew: the old key may go, and everything is readable", async () => {
    const ids = [
      await aCredential({ origin: ORIGIN, secret: CANARY }),
      await aCredential({ origin: ORIGIN, secret: `${CANARY}2` }),
    ];
    const admin = await anAdmin();
    const next = fresh();
    withSecrets(next, present.AUTH_SECRET);
    expect((await listCredentials(db())).map(({ key }) => key)).toEqual(["old", "old"]);
    const before = await rowOf(ids[0] ?? "");
    expect(openSecret(before, before)).toBe(CANARY);
    expect(must(await commanded((tx) => rotateCredentials(tx, admin)))).toEqual({ sealed: 2, lost: 0 });
    withSecrets(next);
    const rows = await Promise.all(ids.map(rowOf));
    expect(rows.map((row) => openSecret(row, row))).toEqual([CANARY, `${CANARY}2`]);
    expect(must(await commanded((tx) => rotateCredentials(tx, admin)))).toEqual({ sealed: 0, lost: 0 });
  });
  test("without the old key it is lost, says so, and is left as it is", async () => {
    const id = await aCredential({ origin: ORIGIN, secret: CANARY });
    const admin = await anAdmin();
    const before = await rowOf(id);
    withSecrets(fresh());
    expect(await listCredentials(db())).toMatchObject([{ key: "lost" }]);
    expect(must(await commanded((tx) => rotateCredentials(tx, admin)))).toEqual({ sealed: 0, lost: 1 });
    expect(await rowOf(id)).toEqual(before);
    must(await commanded((tx) => replaceSecret(tx, admin, { credentialId: id, secret: "entered again" })));
    const row = await rowOf(id);
    expect(openSecret(row, row)).toBe("entered again");
  });
});

describe("S86: one key for each purpose", () => {
  test("a signature of one is refused by another", () => {
    const signature = sign("known-browser", "usr_1");
    expect(isSignature("known-browser", "usr_1", signature)).toBe(true);
    expect(isSignature("credential", "usr_1", signature)).toBe(false);
    expect(isSignature("known-browser", "usr_1", sign("credential", "usr_1"))).toBe(false);
  });
  test("their keys and the keys' names differ, and another AUTH_SECRET makes others", () => {
    const keys = () => [presentKey("credential"), presentKey("known-browser")];
    const before = keys();
    withSecrets(fresh());
    const all = [...before, ...keys()];
    expect(new Set(all.map(({ id }) => id)).size).toBe(4);
    expect(new Set(all.map(({ key }) => Buffer.from(key).toString("hex"))).size).toBe(4);
    expect(all.every(({ id, key }) => !Buffer.from(key).toString("hex").includes(id))).toBe(true);
    expect(knownKeys("credential")).toHaveLength(1);
  });
});

describe("a credential", () => {
  test("goes to the server it was entered for and nowhere else", async () => {
    const admin = await anAdmin();
    const credentialId = await aCredential({ origin: ORIGIN, secret: CANARY });
    const at = (baseUrl: string) =>
      commanded((tx) => createConnection(tx, admin, { label: baseUrl, baseUrl, credentialId }));
    expect(codeOf(await at("https://evil.example"))).toBe("credential-elsewhere");
    expect(codeOf(await at("http://api.example.com"))).toBe("credential-elsewhere");
    expect(codeOf(await at("https://api.example.com:444"))).toBe("credential-elsewhere");
    const connectionId = must(await at(`${ORIGIN}/v2`)).connectionId;
    const change = { connectionId, label: "x", baseUrl: "https://evil.example", credentialId };
    expect(codeOf(await commanded((tx) => changeConnection(tx, admin, change)))).toBe("credential-elsewhere");
    const name = await anOperation(ORIGIN, { credentialId });
    await db().update(connection).set({ baseUrl: "https://evil.example" });
    expect(await callableOperation(db(), name)).toMatchObject({
      ok: false,
      refusal: "its credential is for another server",
    });
  });
  test("in use is not deleted, nor a connection with operations", async () => {
    const admin = await anAdmin();
    const credentialId = await aCredential({ origin: ORIGIN, secret: CANARY });
    await anOperation(ORIGIN, { credentialId });
    const [row] = await db().select().from(connection);
    const connectionId = row?.connectionId ?? "";
    expect(codeOf(await commanded((tx) => deleteCredential(tx, admin, { credentialId })))).toBe("credential-in-use");
    expect(codeOf(await commanded((tx) => deleteConnection(tx, admin, { connectionId })))).toBe("connection-in-use");
    await db().execute(sql`delete from operation`);
    expect(codeOf(await commanded((tx) => deleteConnection(tx, admin, { connectionId })))).toBe("ok");
    expect(codeOf(await commanded((tx) => deleteCredential(tx, admin, { credentialId })))).toBe("ok");
  });
  test("of two with one label there is one", async () => {
    const admin = await anAdmin();
    const input = { label: "Twin", kind: "bearer", origin: ORIGIN, secret: CANARY } as const;
    const both = await Promise.all([1, 2].map(() => commanded((tx) => createCredential(tx, admin, input))));
    expect(both.map(codeOf).toSorted()).toEqual(["label-taken", "ok"]);
    await aConnection(ORIGIN);
    const twin = { label: (await db().select().from(connection))[0]?.label ?? "", baseUrl: ORIGIN, credentialId: null };
    expect(codeOf(await commanded((tx) => createConnection(tx, admin, twin)))).toBe("label-taken");
  });
  test("leaves security events without the secret, whoever does what", async () => {
    const admin = await anAdmin();
    const credentialId = await aCredential({ origin: ORIGIN, secret: CANARY });
    must(await commanded((tx) => replaceSecret(tx, admin, { credentialId, secret: `${CANARY}-2` })));
    must(await commanded((tx) => deleteCredential(tx, admin, { credentialId })));
    const events = await db()
      .select()
      .from(securityEvent)
      .where(eq(securityEvent.objectId, credentialId))
      .orderBy(desc(securityEvent.at));
    expect(events.map(({ action, actorId }) => [action, actorId]).toSorted()).toEqual(
      ["credential-create", "credential-delete", "credential-replace"].map((action) => [action, admin.userId]),
    );
    expect(JSON.stringify(events)).not.toContain(CANARY);
  });
  test("is an admin's to keep, as they are at that moment", async () => {
    const manager = await aPerson({ role: "manager" });
    const input = { label: "Not mine", kind: "bearer", origin: ORIGIN, secret: CANARY } as const;
    expect(codeOf(await commanded((tx) => createCredential(tx, manager, input)))).toBe("not-found");
    expect(codeOf(await commanded((tx) => createCredential(tx, { ...manager, role: "admin" }, input)))).toBe(
      "not-found",
    );
    const admin = await aPerson({ role: "admin" });
    expect(codeOf(await commanded((tx) => rotateCredentials(tx, { ...admin, scopes: ["runs:start"] })))).toBe(
      "not-found",
    );
  });
  test.each(["short", " leading-space", "trailing-space ", "line\nbreak-in-it", "nul\0-in-the-middle", "ümlaut-in-it"])(
    "%j is no secret",
    (secret) => {
      const given = { key: "12345678", label: "x", origin: ORIGIN, kind: "bearer", secret };
      expect(newCredentialInput.safeParse(given).success).toBe(false);
    },
  );
  test("a user name holds no colon", () => {
    const given = (username: string) => ({
      key: "12345678",
      label: "x",
      origin: ORIGIN,
      kind: "basic",
      secret: CANARY,
      username,
    });
    expect(newCredentialInput.safeParse(given("ana")).success).toBe(true);
    expect(newCredentialInput.safeParse(given("a:na")).success).toBe(false);
  });
});

test("an operation cannot be called while its credential has no key", async () => {
  const name = await anOperation(ORIGIN, { credentialId: await aCredential({ origin: ORIGIN, secret: CANARY }) });
  expect((await callable(name)).authorization).toEqual({ authorization: `Bearer ${CANARY}` });
  withSecrets(fresh());
  expect(await callableOperation(db(), name)).toMatchObject({ ok: false });
});

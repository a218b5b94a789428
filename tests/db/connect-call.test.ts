import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { callOperation } from "../../lib/connect/call-operation";
import { newOperationInput } from "../../lib/connect/schema/operation";
import type { Value } from "../../lib/logic/value";
import { aCredential, allowed, anOperation, callable } from "../builders/connections";
import { json, startTarget } from "../support/http-target";

const target = await startTarget();
beforeAll(() => allowed(target.origin));

type Inputs = { readonly [name: string]: Value };
const call = async (name: string, inputs: Inputs = {}, more: { signal?: AbortSignal } = {}) =>
  callOperation({ operation: await callable(name), inputs, idempotencyKey: "job_1-stp_1", ...more });

const CANARY = "canary-8f14e45fceea167a";
const text = { type: "string" };

describe("a call", () => {
  test("becomes one request of its inputs, and its answer becomes the outputs", async () => {
    const name = await anOperation(`${target.origin}/v2`, {
      method: "POST",
      path: "/orders/{id}/lines?dry={dry}",
      headers: { "X-Trace": "run {trace}" },
      input: {
        type: "object",
        properties: { id: text, dry: { type: "boolean" }, trace: text, lines: { type: "array" }, note: text },
        required: ["id", "dry", "trace", "lines"],
      },
      output: {
        type: "object",
        properties: { number: { type: "integer" }, state: { enum: ["open"], type: "string" } },
        required: ["number"],
      },
    });
    target.answer(json({ number: 7, state: "open", internal: "dropped" }, 201));
    const inputs = { id: "a/b c", dry: true, trace: "r1", lines: [{ sku: "ü" }], note: "n" };
    const wrong = await call(name, { ...inputs, note: 5 });
    expect(wrong).toMatchObject({
      type: "failed",
      mayRetry: false,
      error: expect.stringContaining("note must be a text"),
    });
    expect(target.connections()).toBe(0);
    const done = await call(name, inputs);
    expect(done).toMatchObject({ type: "finished", status: 201, outputs: { number: 7, state: "open" } });
    const [sent] = target.seen;
    expect(sent).toMatchObject({ method: "POST", url: "/v2/orders/a%2Fb%20c/lines?dry=true" });
    expect(JSON.parse(sent?.body ?? "")).toEqual({ lines: [{ sku: "ü" }], note: "n" });
    expect(sent?.headers).toMatchObject({
      "x-trace": "run r1",
      "idempotency-key": "job_1-stp_1",
      "content-type": "application/json",
      host: `127.0.0.1:${target.port}`,
    });
    expect(sent?.headers.cookie).toBeUndefined();
  });

  test("leaves out what is empty and may be left out, and misses what may not", async () => {
    const input = {
      type: "object",
      properties: { a: text, b: text, c: { type: ["string", "null"] } },
      required: ["a"],
    };
    const name = await anOperation(target.origin, { method: "PUT", input });
    target.answer(json({}));
    expect(await call(name, { a: "1", b: null, c: null })).toMatchObject({ type: "finished" });
    expect(target.seen[0]?.body).toBe('{"a":"1","c":null}');
    expect(await call(name, { a: null })).toMatchObject({
      type: "failed",
      error: "The call: the input a must be a text, and is null.",
    });
  });

  test("of GET puts what is left into the query, a list as its entries", async () => {
    const name = await anOperation(target.origin, {
      path: "/find",
      input: { type: "object", properties: { tag: { type: "array" }, q: text, none: { type: "null" } } },
      output: { type: "array", items: { type: "number" } },
    });
    target.answer(json([1, 2]));
    expect(await call(name, { tag: ["a&b", "c"], q: "x y", none: null })).toMatchObject({
      outputs: { answer: [1, 2] },
    });
    expect(target.seen[0]?.url).toBe("/find?tag=a%26b&tag=c&q=x%20y");
  });

  test.each([
    ["", "is empty"],
    [".", "another path"],
    ["..", "another path"],
  ])("with %j in its path is not made: it would ask something else", async (id, why) => {
    const input = { type: "object", properties: { id: text }, required: ["id"] };
    const name = await anOperation(target.origin, { method: "DELETE", path: "/people/{id}", input });
    target.answer(json({}));
    expect(await call(name, { id })).toMatchObject({
      type: "failed",
      mayRetry: false,
      error: expect.stringContaining(why),
    });
    expect(target.connections()).toBe(0);
  });

  test("that is aborted from outside ends at once, and is no outcome", async () => {
    target.answer(() => undefined);
    const stop = new AbortController();
    const calling = call(await anOperation(target.origin), {}, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("the worker is stopping")), 50);
    await expect(calling).rejects.toThrow("the worker is stopping");
  });
});

describe("F71: statuses", () => {
  const STATUSES: readonly (readonly [status: number, mayRetry: boolean | "finished"])[] = [
    [200, "finished"],
    [204, "finished"],
    [299, "finished"],
    [304, false],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [408, true],
    [409, false],
    [410, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [501, true],
    [502, true],
    [503, true],
    [504, true],
  ];
  test.each(STATUSES)("%i: %s", async (status, expected) => {
    const name = await anOperation(target.origin);
    target.answer((_, response) =>
      response.writeHead(status).end(status === 204 || status === 304 ? "" : "sorry\u0000\n<b>x</b>"),
    );
    const outcome = await call(name);
    if (expected === "finished") expect(outcome).toMatchObject({ type: "finished", status, outputs: {} });
    else
      expect(outcome).toMatchObject({
        type: "failed",
        status,
        mayRetry: expected,
        error: expect.stringContaining(String(status)),
      });
    if (outcome.type === "failed" && status !== 304) expect(outcome.error).toContain("sorry <b>x</b>");
  });

  // An error page in the words and letters of its country, an encoding of nothing, a body without end.
  const LATIN = Buffer.from("Dienst \u00fcberlastet", "latin1");
  test.each<[string, Record<string, string>, Buffer]>([
    ["that is no UTF-8", { "content-type": "text/html" }, LATIN],
    ["that is nothing, encoded", { "content-encoding": "gzip" }, Buffer.alloc(0)],
    ["whose encoding is not known", { "content-encoding": "zstd" }, LATIN],
    ["of more than 1 MB", { "content-type": "text/html" }, Buffer.alloc(1_100_000, 32)],
  ])("count whatever stands beneath them, also a body %s", async (_what, headers, body) => {
    const answer = (status: number) =>
      target.answer((_, response) => response.writeHead(status, { ...headers, "retry-after": "7" }).end(body));
    const name = await anOperation(target.origin, {
      errors: [{ status: "404", outcome: "finish" }],
      output: { type: "object" },
    });
    answer(503);
    expect(await call(name)).toMatchObject({
      ...{ type: "failed", status: 503, mayRetry: true, retryAfterSeconds: 7 },
      error: "The call: It answered 503 Service Unavailable",
    });
    answer(404);
    expect(await call(name)).toMatchObject({ type: "finished", status: 404, outputs: {} });
    // Nothing is read of it: so what it did is done.
    answer(201);
    expect(await call(await anOperation(target.origin))).toMatchObject({ type: "finished", status: 201, outputs: {} });
    expect(await call(name)).toMatchObject({ type: "failed", status: 201, mayRetry: false });
  });

  test.each([
    ["seconds", () => "7", 7],
    ["too many seconds", () => "99999", 3_600],
    ["a date", () => new Date(Date.now() + 90_000).toUTCString(), 90],
    ["a word", () => "soon", 0],
    ["a date that is over", () => new Date(Date.now() - 90_000).toUTCString(), 0],
  ])("Retry-After: %s is understood, and bounded", async (_what, header, seconds) => {
    const name = await anOperation(target.origin);
    target.answer((_, response) => response.writeHead(429, { "retry-after": header() }).end());
    const outcome = await call(name);
    expect(outcome).toMatchObject({ type: "failed", mayRetry: true });
    expect(outcome.type === "failed" && Math.abs(outcome.retryAfterSeconds - seconds)).toBeLessThanOrEqual(2);
  });

  test("an operation's own rules come first, the exact before the kind", async () => {
    const errors = [
      { status: "4xx", outcome: "retry" },
      { status: "404", outcome: "finish" },
      { status: "409", outcome: "fail", message: "The order is there already." },
      { status: "503", outcome: "fail" },
    ];
    const name = await anOperation(target.origin, { errors });
    const of = async (status: number) => {
      target.answer(json({ no: status }, status));
      return call(name);
    };
    expect(await of(404)).toMatchObject({ type: "finished", outputs: {} });
    expect(await of(409)).toMatchObject({
      mayRetry: false,
      error: 'The call: The order is there already. It answered 409 Conflict: {"no":409}',
    });
    expect(await of(418)).toMatchObject({ type: "failed", mayRetry: true });
    expect(await of(503)).toMatchObject({ type: "failed", mayRetry: false });
  });

  test("an error quotes the first 1 KB and no more", async () => {
    target.answer((_, response) => response.writeHead(500).end("x".repeat(50_000)));
    const outcome = await call(await anOperation(target.origin));
    expect(outcome.type === "failed" && outcome.error.replace(/[^x]/g, "").length).toBe(1_024);
  });

  test("a reset after the request, a refused connection and silence may be tried again", async () => {
    const name = await anOperation(target.origin, { timeoutSeconds: 1 });
    target.answer((_, response) => response.socket?.destroy());
    expect(await call(name)).toMatchObject({
      type: "failed",
      status: null,
      mayRetry: true,
      error: expect.stringMatching(/closed the connection/),
    });
    target.answer((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => response.socket?.destroy(), 20);
    });
    expect(await call(name)).toMatchObject({ type: "failed", mayRetry: true });
    target.answer(() => undefined);
    expect(await call(name)).toMatchObject({ mayRetry: true, error: "The call: it did not answer within 1 s." });
    await allowed("http://127.0.0.1:9");
    expect(await call(await anOperation("http://127.0.0.1:9"))).toMatchObject({
      mayRetry: true,
      error: expect.stringMatching(/refused the connection/),
    });
  });
});

describe("F72, S63: answers that are none", () => {
  const output = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
  const refused = async (why: RegExp, timeoutSeconds = 10) => {
    const before = process.memoryUsage().rss;
    const outcome = await call(await anOperation(target.origin, { output, timeoutSeconds }));
    expect(outcome).toMatchObject({ type: "failed", error: expect.stringMatching(why) });
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    return outcome;
  };

  test("an endless body is cut at 1 MB", async () => {
    target.answer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (response.writable && response.write("[".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    expect(await refused(/more than 1 MB/)).toMatchObject({ mayRetry: false });
  });
  test("a body that drips for ever is cut by time", async () => {
    target.answer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    await refused(/did not answer within 1 s/, 1);
  });
  test.each([1, 2])("a gzip bomb (%i deep) is cut at 1 MB decoded", async (depth) => {
    const once = gzipSync(Buffer.alloc(50_000_000, 32));
    const body = depth === 1 ? once : gzipSync(once);
    const encoding = depth === 1 ? "gzip" : "gzip, gzip";
    target.answer((_, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding }).end(body),
    );
    await refused(depth === 1 ? /more than 1 MB/ : /encoding that is not known/);
  });
  test("an answer that decodes to nothing for ever is cut too", async () => {
    const empty = gzipSync("");
    target.answer((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      const many = Buffer.concat(Array.from({ length: 5_000 }, () => empty));
      const more = () => {
        while (response.writable && response.write(many));
      };
      response.on("drain", more);
      more();
    });
    await refused(/more than 1 MB/);
  });
  test("a lie about its encoding", async () => {
    target.answer(json({ n: 1 }, 200, { "content-encoding": "gzip" }));
    await refused(/not encoded as it says/);
  });
  test.each([
    ["text/html", '{"n":1}', /another type than JSON/],
    ["application/jsonp", '{"n":1}', /another type than JSON/],
    ["application/json", "<html>", /not JSON/],
    ["application/json", "", /not JSON/],
    ["application/json", '{"n":"1"}', /not as described: n must be a number, and is a text/],
    ["application/json; charset=utf-8", "{}", /not as described: n is missing/],
    ["application/problem+json", "[]", /not as described: it must be an object, and is a list/],
    ["application/json", `{"n":1,"x":${"[".repeat(40)}${"]".repeat(40)}}`, /more than 32 levels deep/],
    ["application/json", `{"n":1,"x":[${"0,".repeat(10_000)}0]}`, /a list of more than 10000 entries/],
    ["application/json", `{"n":1,"x":"${"a".repeat(100_001)}"}`, /a text of more than 100000 characters/],
    ["application/json", `${"[".repeat(300_000)}`, /not JSON/],
    ["application/json", '{"n":1,"x":"\\u0000"}', /cannot be kept/],
  ])("%s %s", async (type, body, why) => {
    target.answer((_, response) => response.writeHead(200, { "content-type": type }).end(body));
    expect(await refused(why)).toMatchObject({ mayRetry: false });
  });
  test("bytes that are no UTF-8", async () => {
    target.answer((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x22, 0xff, 0x22])),
    );
    await refused(/UTF-8/);
  });
  test("headers past 16 KB", async () => {
    target.answer((_, response) => response.writeHead(200, { big: "x".repeat(60_000) }).end());
    await refused(/not HTTP/);
  });
  test("names that mean something to JavaScript do not arrive (S45)", async () => {
    const loose = { type: "object", properties: { n: { type: "object" } } };
    target.answer((_, response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"n":{"__proto__":{"x":1},"constructor":1,"ok":1},"__proto__":2}'),
    );
    const outcome = await call(await anOperation(target.origin, { output: loose }));
    expect(outcome).toMatchObject({ type: "finished" });
    expect(outcome.type === "finished" && JSON.stringify(outcome.outputs)).toBe('{"n":{"ok":1}}');
  });
});

describe("S63: headers", () => {
  const described = (headers: Record<string, string>) =>
    newOperationInput.safeParse({
      key: "12345678",
      name: "Call",
      label: "Call",
      connectionId: "con_1",
      method: "GET",
      path: "/",
      headers,
      input: { type: "object", properties: { a: text }, required: ["a"] },
      output: null,
    }).success;
  test.each([
    "Host",
    "content-length",
    "Transfer-Encoding",
    "TRANSFER-ENCODING",
    "Connection",
    "Cookie",
    "Authorization",
    "Proxy-Authorization",
    "Idempotency-Key",
    "a b",
    "a:b",
    "a\r\nb",
    "",
    "ä",
  ])("an author cannot set %j", (header) => {
    expect(described({ [header]: "x" })).toBe(false);
  });
  test.each(["a\r\nX-Evil: 1", "a\nb", "a\0b", "ü"])("nor the value %j", (value) => {
    expect(described({ "X-Fine": "x" })).toBe(true);
    expect(described({ "X-Fine": value })).toBe(false);
  });
  test.each(["x\r\nX-Evil: 1", "x\nHost: evil", "x\r\n\r\nGET /admin HTTP/1.1", "\u010d\u010a", "x\0"])(
    "an input %j makes no header and no second request",
    async (a) => {
      const input = { type: "object", properties: { a: text }, required: ["a"] };
      const name = await anOperation(target.origin, { headers: { "X-Fine": "v{a}" }, input });
      target.answer(json({}));
      expect(await call(name, { a })).toMatchObject({
        type: "failed",
        mayRetry: false,
        error: expect.stringMatching(/character that the header X-Fine cannot have/),
      });
      expect(target.connections()).toBe(0);
    },
  );
  test("no proxy of the environment is asked, and cookies are not kept", async () => {
    const name = await anOperation(target.origin);
    process.env.HTTP_PROXY = process.env.http_proxy = "http://127.0.0.1:9";
    target.answer((_, response) => response.writeHead(200, { "set-cookie": "a=b" }).end());
    expect(await call(name)).toMatchObject({ type: "finished" });
    expect(await call(name)).toMatchObject({ type: "finished" });
    delete process.env.HTTP_PROXY;
    delete process.env.http_proxy;
    expect(target.seen.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
  });
});

describe("S64: a secret", () => {
  const withSecret = async (kind: "bearer" | "basic" | "header", more: object = {}) =>
    anOperation(target.origin, {
      credentialId: await aCredential({
        origin: target.origin,
        secret: CANARY,
        kind,
        ...(kind === "basic" ? { username: "ana" } : {}),
        ...(kind === "header" ? { headerName: "X-Api-Key" } : {}),
      } as never),
      ...more,
    });
  test("goes out as the credential says", async () => {
    target.answer(json({}));
    for (const kind of ["bearer", "basic", "header"] as const) await call(await withSecret(kind));
    const [bearer, basic, header] = target.seen.map(({ headers }) => headers);
    expect(bearer?.authorization).toBe(`Bearer ${CANARY}`);
    expect(basic?.authorization).toBe(`Basic ${Buffer.from(`ana:${CANARY}`).toString("base64")}`);
    expect(header).toMatchObject({ "x-api-key": CANARY });
  });
  test.each(["bearer", "basic", "header"] as const)(
    "(%s) that is sent back is in no error and no output",
    async (kind) => {
      const output = { type: "object", properties: { echo: { type: "object" } } };
      const name = await withSecret(kind, { output });
      for (const status of [200, 400, 503]) {
        target.answer(({ headers }, response) =>
          json({ echo: headers, also: encodeURIComponent(CANARY) }, status)({} as never, response),
        );
        const told = JSON.stringify(await call(name));
        expect(told).not.toContain(CANARY);
        expect(told).not.toContain(Buffer.from(`ana:${CANARY}`).toString("base64"));
        expect(told).toContain("•••");
      }
    },
  );
});

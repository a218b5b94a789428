import { describe, expect, test } from "vitest";
import type { MailContent } from "../../emails/content";
import { renderMail } from "../../emails/render-mail";
import { HOSTILE } from "../support/hostile";

const ORIGIN = "https://baton.example.org";
const render = (mail: MailContent, recipientName = "Ana Lima") => renderMail(mail, { recipientName, origin: ORIGIN });

const work = {
  to: "user",
  team: null,
  workKind: "interactive",
  label: "Set up a desk",
  processLabel: "Employee onboarding",
  recordName: "Mira Holm",
  path: "/records/Employee/rec_1?item=wi_1",
  subject: null,
  body: null,
} as const;

const request = {
  ...work,
  workKind: "approval",
  label: "Approve the purchase",
  processLabel: "Purchase request",
  recordName: "PO-1182",
  approval: {
    askedBy: "David Okafor",
    comments: "The old ones end in March.\n\nThank you",
    facts: [
      { label: "Amount", value: "12,400.00 EUR" },
      { label: "Vendor", value: "Acme" },
      { label: "Needed", value: "1 Mar 2027" },
    ],
    changes: [{ label: "Amount", before: "9,000.00 EUR", after: "12,400.00 EUR" }],
    why: "Here because the stage “Manager” began. The process assigns it to you.",
    due: { short: "Fri", full: "Fri, 27 Nov 2026, 16:00" },
    outcomes: ["Approve with conditions"],
    takesReply: true,
  },
} as const;

const ANSWERED = {
  label: "Approve the purchase",
  recordName: "PO-1182",
  path: "/records/Purchase/rec_1?item=wi_1",
  words: ["APPROVE", "REJECT"],
};

const MAILS: readonly (readonly [string, MailContent])[] = [
  ["assignment to a person", { kind: "assignment", content: work }],
  ["assignment to a group", { kind: "assignment", content: { ...work, to: "group", team: "Facilities" } }],
  ["assignment to a queue", { kind: "assignment", content: { ...work, to: "queue", team: "Facilities queue" } }],
  [
    "assignment in the step's own words",
    {
      kind: "assignment",
      content: { ...work, subject: "Please help", body: "First.\nSecond line.\n\nNext paragraph." },
    },
  ],
  ["approval by a person", { kind: "assignment", content: { ...work, workKind: "approval" } }],
  [
    "approval by a group",
    { kind: "assignment", content: { ...work, workKind: "approval", to: "group", team: "Finance" } },
  ],
  [
    "a question to answer",
    { kind: "assignment", content: { ...work, workKind: "question", prompt: "Which vendor?\n\nAnd why?" } },
  ],
  [
    "what was sent back",
    { kind: "assignment", content: { ...work, workKind: "revision", prompt: "Three seats are enough." } },
  ],
  ...(["daily", "bundle"] as const).map(
    (because) =>
      [
        `digest, ${because}`,
        { kind: "digest", content: { lines: [{ subject: "A desk", path: "/work?item=wi_1" }], count: 1, because } },
      ] as const,
  ),
  ...(["reminder", "answer"] as const).map(
    (about) =>
      [
        `notice, ${about}`,
        {
          kind: "notice",
          content: {
            ...{ about, label: "Approve the purchase", processLabel: "Purchase", recordName: "PO-1182" },
            ...{ path: "/work?item=wi_1", dueAt: "2026-11-27T15:00:00.000Z", text: "Acme, because it is there." },
          },
        },
      ] as const,
  ),
  ["a whole request for approval", { kind: "assignment", content: request }],
  ["work without a record", { kind: "assignment", content: { ...work, recordName: null, path: "/work?item=wi_1" } }],
  ...(["approved", "rejected", "canceled", "error"] as const).map(
    (status) =>
      [
        `submission ${status}`,
        {
          kind: "submission",
          content: {
            processLabel: "Purchase",
            recordName: "PO-1182",
            path: "/records/Purchase/rec_1",
            status,
            comments: "Too much.",
          },
        },
      ] as const,
  ),
  [
    "an answer that was taken",
    {
      kind: "reply",
      content: { ...ANSWERED, decided: "Approve", comments: "Only this once.", problem: null },
    },
  ],
  [
    "an answer that was not",
    {
      kind: "reply",
      content: { ...ANSWERED, decided: null, comments: null, problem: "We did not understand it." },
    },
  ],
  [
    "failure",
    {
      kind: "failure",
      content: {
        processLabel: "Purchase",
        recordName: "PO-1182",
        path: "/runs/run_1",
        error: "Flow Notify: no such person",
      },
    },
  ],
  [
    "failure of a step",
    {
      kind: "failure",
      content: {
        processLabel: "Purchase",
        recordName: "PO-1182",
        path: "/runs/run_1",
        error: "“Pay” failed: Change it: there is no such record.",
        step: "Pay, in Payment",
        trace: ["Call the bank of Pay the bill, version 3", "Change it of Note it, version 1"],
      },
    },
  ],
  ["flow", { kind: "flow", content: { subject: "Welcome", body: "Hello Mira,\n\nwelcome." } }],
  ["digest", { kind: "digest", content: { lines: [{ subject: "Set up a desk", path: "/work?item=wi_1" }], count: 3 } }],
  ["sign-in link", { kind: "sign_in_link", content: { path: "/sign-in/link?secret=abc", minutes: 10 } }],
  ...(["invited", "password_reset", "password_changed", "email_changed", "role_changed", "token_created"] as const).map(
    (event) => [`account ${event}`, { kind: "account", content: { event } }] as const,
  ),
];

const textOfHtml = (html: string) =>
  html
    .replace(/<(style|title)[^>]*>.*?<\/\1>/gs, "")
    .replace(/<br\/?>/g, "\n")
    .replace(/<[^>]+>/g, " ")
    .replace(
      /&(amp|lt|gt|quot|#x27);/g,
      (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" })[name] ?? "",
    );
const words = (text: string) => new Set(text.match(/[\p{L}\p{N}]+/gu) ?? []);
const hrefsOf = (html: string) =>
  [...html.matchAll(/(?:href|src|action|background)="([^"]*)"/g)].map(([, address]) =>
    (address ?? "").replaceAll("&amp;", "&"),
  );

describe.each(MAILS)("%s", (_name, mail) => {
  test("has a subject, and a text part that says what the HTML part says", async () => {
    const { subject, html, text } = await render(mail);
    expect(subject.length).toBeGreaterThan(5);
    const said = words(textOfHtml(html));
    const inText = words(text.replace(/https?:\S+/g, ""));
    expect([...inText].filter((word) => !said.has(word))).toEqual([]);
    for (const address of hrefsOf(html)) expect(address === `${ORIGIN}/` || text.includes(address)).toBe(true);
  });
  test("loads nothing and leads nowhere but here", async () => {
    const { html } = await render(mail);
    expect(html).not.toMatch(/<img|<script|<link |url\(/);
    expect(hrefsOf(html).filter((address) => !address.startsWith(`${ORIGIN}/`))).toEqual([]);
  });
});

test("the mail of an assignment greets the person, names the work and leads to it", async () => {
  const { subject, text, html } = await render({ kind: "assignment", content: work });
  expect(subject).toBe("Set up a desk for Mira Holm");
  expect(text).toContain("Hello Ana Lima,");
  expect(text).toContain(`${ORIGIN}/records/Employee/rec_1?item=wi_1`);
  expect(hrefsOf(html)).toContain(`${ORIGIN}/records/Employee/rec_1?item=wi_1`);
});

test("the mail to a group is the same for all its members", async () => {
  const mail: MailContent = { kind: "assignment", content: { ...work, to: "group", team: "Facilities" } };
  expect(await render(mail, "Ana")).toEqual(await render(mail, "Ben"));
});

test("the buttons of an approval only make the choice ready", async () => {
  const { html } = await render({ kind: "assignment", content: { ...work, workKind: "approval" } });
  expect(hrefsOf(html)).toEqual(
    expect.arrayContaining([`${ORIGIN}${work.path}&decision=approve`, `${ORIGIN}${work.path}&decision=reject`]),
  );
});

test("a request says in its subject by when, which record and its first facts; without those it says less", async () => {
  const subjectWith = async (approval?: Partial<typeof request.approval>) =>
    (await render({ kind: "assignment", content: { ...request, approval: { ...request.approval, ...approval } } }))
      .subject;
  expect(await subjectWith()).toBe("[Approve by Fri] PO-1182, 12,400.00 EUR, Acme");
  expect(await subjectWith({ due: null, facts: [] } as object)).toBe("[Approve] PO-1182");
  const empty = [
    { label: "Amount", value: "540.50 EUR" },
    { label: "Category", value: "" },
  ];
  expect(await subjectWith({ due: null, facts: empty } as object)).toBe("[Approve] PO-1182, 540.50 EUR");
  const { approval: _, ...bare } = request;
  expect((await render({ kind: "assignment", content: { ...bare, recordName: null } })).subject).toBe(
    "[Approve] Approve the purchase",
  );
});

test("a request says who asks, what, what is new, why me, by when and how to answer", async () => {
  const { text } = await render({ kind: "assignment", content: request });
  for (const said of [
    "David Okafor asks for your decision on “Approve the purchase” for PO-1182.",
    "The old ones end in March.",
    "12,400.00 EUR (changed; it was 9,000.00 EUR)",
    "Fri, 27 Nov 2026, 16:00",
    "Here because the stage “Manager” began.",
    "write APPROVE, REJECT or “Approve with conditions” in the first line",
  ])
    expect(text).toContain(said);
});

test("a question carries what is asked, and leads to its answer", async () => {
  const content = { ...work, workKind: "question", prompt: "Which vendor?" } as const;
  const { subject, text } = await render({ kind: "assignment", content });
  expect(subject).toBe("[Question] Set up a desk for Mira Holm");
  expect(text).toContain("Which vendor?");
  expect(text).toContain(`Answer it\n${ORIGIN}${work.path}`);
});

test("the step's own subject and body go before ours", async () => {
  const { subject, text } = await render({
    kind: "assignment",
    content: { ...work, subject: "Please help", body: "First.\nSecond." },
  });
  expect(subject).toBe("Please help");
  expect(text).toContain("First.\nSecond.");
  expect(text).not.toContain("has been assigned to you");
});

const hostileSummary = (text: string) => ({
  askedBy: text,
  comments: text,
  facts: [{ label: text, value: text }],
  changes: [{ label: text, before: text, after: text }],
  why: text,
  due: { short: text, full: text },
  outcomes: [text],
  takesReply: true,
});

test("no hostile text becomes markup, a foreign link or a second line of the subject (S53, S55)", async () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(300);
  for (const text of HOSTILE) {
    const content = {
      ...work,
      label: text,
      processLabel: text,
      recordName: text,
      team: text,
      to: "group",
      subject: text,
      body: text,
    } as const;
    for (const mail of [
      { kind: "assignment", content },
      { kind: "assignment", content: { ...content, workKind: "approval", approval: hostileSummary(text) } },
      { kind: "flow", content: { subject: text, body: text } },
    ] satisfies MailContent[]) {
      const { subject, html } = await render(mail, text);
      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      expect(html).not.toMatch(/<(script|img|svg|iframe|base|form|math|link)[\s>]/);
      expect(hrefsOf(html).filter((address) => !address.startsWith(`${ORIGIN}/`))).toEqual([]);
      expect(html.match(/<a /g)?.length ?? 0).toBeLessThanOrEqual(3);
    }
  }
});

test.each([
  "https://evil.example/x",
  "//evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "\\\\evil.example",
  "",
  "/\t/evil.example",
])("a path %j leads to this installation or its first page", async (path) => {
  const { html } = await render({ kind: "assignment", content: { ...work, path } });
  expect(hrefsOf(html).filter((address) => !address.startsWith(`${ORIGIN}/`))).toEqual([]);
});

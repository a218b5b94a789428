import { describe, expect, test } from "vitest";
import { readReply } from "../../lib/notify/read-reply";
import { readWords } from "../../lib/notify/read-words";

const OUTCOMES = [
  { name: "Conditions", label: "Approve with conditions" },
  { name: "Back", label: "Send back" },
];
const OURS = ["baton@example.org", "reply+"];
const read = (text: string) => readWords(text, OUTCOMES, OURS);
/** Milliseconds of work since then; those in which other processes were at work do not count. */
const msOf = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1_000;
};
const decided = (outcome: string, comments = "") => ({ type: "decision", outcome, comments });

/** S52: what a reply is understood to say. */
describe("the first line", () => {
  test.each([
    ["APPROVE", "approve"],
    ["approved", "approve"],
    ["Yes", "approve"],
    ["yes.", "approve"],
    ["  *Approve*  ", "approve"],
    ["“Approved!”", "approve"],
    ["REJECT", "reject"],
    ["Rejected", "reject"],
    ["no", "reject"],
    ["approve with  Conditions", "Conditions"],
    ["SEND BACK", "Back"],
    ["\n\n\u200bApprove\u00a0", "approve"],
  ])("%j is understood", (text, outcome) => {
    expect(read(text)).toEqual(decided(outcome));
  });
  test.each([
    ["approve: fine by me", "approve", "fine by me"],
    ["No - too dear", "reject", "too dear"],
    ["Reject – see below", "reject", "see below"],
    ["Send back: which vendor?", "Back", "which vendor?"],
    ["*Reject:* too dear", "reject", "too dear"],
  ])("%j carries its reason", (text, outcome, comments) => {
    expect(read(text)).toMatchObject({ outcome, comments });
  });
  test.each([
    "No problem",
    "Yes please",
    "Approve if it is under 5,000",
    "I approve",
    "not approved",
    "No-one should sign this",
    "Approve or reject?",
    "Approvedd",
    "Thanks!\nAPPROVE",
    "> APPROVE",
    "",
    "\n \n",
    "Approve with condition",
  ])("%j decides nothing", (text) => {
    expect(read(text).type).toBe("unknown");
  });
  test("what stands there instead is said, and not too much of it", () => {
    expect(read(`${"x".repeat(5_000)}\nAPPROVE`)).toEqual({ type: "unknown", line: "x".repeat(100) });
  });
});

describe("a label of the author's is what it says, and nothing shorter", () => {
  const labels = (...texts: string[]) => texts.map((label, at) => ({ name: `Own_${at}`, label }));
  const said = (text: string, ...texts: string[]) => readWords(text, labels(...texts), OURS);
  test.each([
    ["Approve – with conditions", "Approve – with conditions", ""],
    ["approve - with conditions", "Approve - with conditions", ""],
    ["Approve – with conditions: two signatures", "Approve – with conditions", "two signatures"],
    ["No", "No", ""],
    ["Yes.", "Yes", ""],
    ["Reject: final", "Reject: final", ""],
    ["(Later)", "(Later)", ""],
    ["Approve", "approve", ""],
  ])("%j is the outcome %j", (text, label, comments) => {
    expect(said(text, label)).toEqual(decided("Own_0", comments));
  });
  test("the longest counts", () => {
    expect(said("Later: Monday", "Later", "Later: Monday")).toEqual(decided("Own_1"));
    expect(said("Later: Tuesday", "Later", "Later: Monday")).toEqual(decided("Own_0", "Tuesday"));
    expect(said("Approve", "Approve – with conditions")).toEqual(decided("approve"));
  });
  test("what begins with one and goes on otherwise decides nothing", () => {
    expect(said("Approve – with conditions as discussed", "Approve – with conditions").type).toBe("unknown");
    expect(said("No problem", "No").type).toBe("unknown");
  });
});

describe("the comment ends where the quoted mail begins", () => {
  const ABOVE = "Approve\n\nOnly this once.\nThank you";
  test.each([
    ["Gmail", "On Fri, 27 Nov 2026 at 10:00, Baton <baton@example.org> wrote:\n\n> Hello Bea,\n> approve?"],
    ["Gmail, broken into two lines", "On Fri, 27 Nov 2026 at 10:00, Baton\n<baton@example.org> wrote:\n> Hello"],
    ["another language", "Am 27.11.2026 um 10:00 schrieb Baton:\n\n> Hallo"],
    ["Outlook", "________________________________\nFrom: Baton\nSent: Friday"],
    ["Outlook without a rule", "From: Baton\nSent: Friday, 27 November 2026\nTo: Bea\nSubject: [Approve] x\n\nHello"],
    ["German Outlook", "Von: Baton\nGesendet: Freitag\nAn: Bea\nBetreff: x"],
    ["old Outlook", "-----Original Message-----\nFrom: Baton"],
    ["a signature", "-- \nBea Boss\nHead of everything"],
    ["a telephone", "Sent from my iPhone\n\n> On 27 Nov"],
    ["plain quotes", "> Hello Bea,\n> REJECT"],
  ])("%s", (_name, below) => {
    expect(read(`${ABOVE}\n\n${below}`)).toEqual(decided("approve", "Only this once.\nThank you"));
  });
  test("lines of the comment that only look a little like it are kept", () => {
    const comment = "From: now on ask Tom.\nTwo reasons:\n1. price\n- and time";
    expect(read(`Reject\n${comment}`)).toEqual(decided("reject", comment));
  });
});

test.each([
  ["lines", "\n".repeat(2_000_000)],
  ["quotes", "> ".repeat(1_000_000)],
  ["dashes", "-".repeat(2_000_000)],
  ["stars", `${"*".repeat(1_000_000)}x`],
  ["blanks", `approve${" ".repeat(60_000)}x`],
  ["rules", "---x".repeat(500_000)],
  ["underscores", `${"_".repeat(60_000)}x`],
])("two megabytes of %s are read in no time", (_name, text) => {
  const start = process.threadCpuUsage();
  read(text);
  expect(msOf(start)).toBeLessThan(500);
});

const mail = (head: string, body = "Approve") => Buffer.from(`${head}\r\n\r\n${body}`);
const HEAD = "From: Bea <bea@example.org>\r\nMessage-ID: <1@example.org>\r\nSubject: Re: x";

describe("a mail", () => {
  test("is read with its sender and number", async () => {
    expect(await readReply(mail(HEAD))).toEqual({
      from: "bea@example.org",
      messageId: "<1@example.org>",
      answers: [],
      thread: [],
      isAutomatic: false,
      text: expect.stringMatching(/^Approve\s*$/),
    });
  });
  test("without a text part is read from its HTML, up to what it quotes", async () => {
    const html = "<div>Approve</div><div>Fine &amp; good</div><blockquote>REJECT</blockquote>";
    const reply = await readReply(mail(`${HEAD}\r\nContent-Type: text/html`, html));
    expect(readWords(reply?.text ?? "", [], [])).toEqual(decided("approve", "Fine & good"));
  });
  test("says which mail it answers, and the conversation that it is in", async () => {
    const head = `${HEAD}\r\nIn-Reply-To: <A@Example.org>\r\nReferences: <run@example.org>\r\n <A@Example.org>`;
    expect(await readReply(mail(head))).toMatchObject({
      answers: ["<a@example.org>"],
      thread: ["<run@example.org>", "<a@example.org>"],
    });
  });
  test("without a text part has no style sheets, titles or comments among its words", async () => {
    const unseen = "<head><title>Re: x</title><style>p { color: red }</style></head><!--[if mso]>REJECT<![endif]-->";
    const html = `<html>${unseen}<body><STYLE type="text/css">REJECT {}</STYLE ><header></header><div>Approve</div><p>It&#39;s fine</p></body>`;
    const reply = await readReply(mail(`${HEAD}\r\nContent-Type: text/html`, html));
    expect(readWords(reply?.text ?? "", [], [])).toEqual(decided("approve", "It's fine"));
  });
  test.each(["<style>", "<!--", "<head", "<title></title>", "&#"])(
    "of nothing but %s is read in no time",
    async (part) => {
      const start = process.threadCpuUsage();
      await readReply(mail(`${HEAD}\r\nContent-Type: text/html`, part.repeat(50_000)));
      expect(msOf(start)).toBeLessThan(1_000);
    },
  );
  test("has no NUL in its words", async () => {
    const head = `${HEAD}\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64`;
    const reply = await readReply(mail(head, Buffer.from("ap\0prove\n\na\0b").toString("base64")));
    expect(read(reply?.text ?? "")).toEqual(decided("approve", "ab"));
  });
  test("in another character set and encoding is read", async () => {
    const head = `${HEAD}\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable`;
    const reply = await readReply(mail(head, "Reject\r\n\r\nZu teuer f=FCr uns"));
    expect(read(reply?.text ?? "")).toEqual(decided("reject", "Zu teuer für uns"));
  });
  test.each([
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (rejected)",
    "Precedence: bulk",
    "Precedence: auto_reply",
    "X-Autoreply: yes",
    "List-Id: <all.example.org>",
    "Content-Type: multipart/report; boundary=x",
    "Return-Path: <>",
  ])("with %s is a program's", async (line) => {
    expect(await readReply(mail(`${HEAD}\r\n${line}`))).toMatchObject({ isAutomatic: true });
  });
  test.each([
    "From: a@example.org\r\nFrom: b@example.org",
    "From: Team: a@example.org;",
    "From: \r\nSubject: x",
    "Subject: x",
  ])("with %j has no sender", async (head) => {
    expect(await readReply(mail(head))).toMatchObject({ from: null });
  });
  test("nested a thousand deep is not read, in no time", async () => {
    const parts = Array.from(
      { length: 1_000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    );
    const start = process.threadCpuUsage();
    expect(await readReply(mail(HEAD.concat("\r\n", parts.join(""))))).toBeNull();
    expect(msOf(start)).toBeLessThan(1_000);
  });
  test("with a megabyte of headers is not read", async () => {
    expect(await readReply(mail(`${HEAD}\r\nX-A: ${"a".repeat(1_000_000)}`))).toBeNull();
  });
  test.each([
    ["open tags", "<".repeat(200_000)],
    ["entities", "&amp;".repeat(50_000)],
    ["breaks", "<br ".repeat(60_000)],
    ["closings", "</p".repeat(80_000)],
  ])("of HTML full of %s is read in no time", async (_name, html) => {
    const start = process.threadCpuUsage();
    await readReply(mail(`${HEAD}\r\nContent-Type: text/html`, html));
    expect(msOf(start)).toBeLessThan(1_500);
  });
});

/** Texts of people that were made to break something: headers, markup, addresses, terminals, readers. 300 of them and a few more. */
const CONTROLS = ["\r\n", "\n", "\r", "\0", "\u000b", "\u2028", "\u2029", "\u0085", "\t", "\u001b[31m"];
const HEADERS = [
  "Bcc: evil@evil.example",
  "To: evil@evil.example",
  "Subject: owned",
  "From: boss@evil.example",
  "Content-Type: text/html\r\n\r\n<b>x</b>",
  "Reply-To: evil@evil.example",
];
const MARKUP = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<a href="https://evil.example">click</a>',
  '"><svg onload=alert(1)>',
  "</td></table><h1>hi</h1>",
  "<style>*{display:none}</style>",
  "<iframe src=//evil.example>",
  "<base href=https://evil.example>",
  "<meta http-equiv=refresh content=0;url=//evil.example>",
  "<form action=//evil.example>",
  "<!-- --><a href=//evil.example>",
  "&lt;script&gt;",
  "<math href=javascript:alert(1)>",
  "<link rel=stylesheet href=//evil.example>",
  "]]><a href='//evil.example'>",
  "<a href=javascript:alert(1)>x</a>",
];
const ADDRESSES = [
  '"e@evil.example"@victim.example',
  "a@victim.example,b@evil.example",
  "a＠evil.example",
  "a@victim.example\r\nBcc: b@evil.example",
  "<a@evil.example>",
  "a@victim.example (b@evil.example)",
  "Boss <boss@evil.example>",
  "undisclosed:;",
  "group: a@evil.example;",
  "=?utf-8?q?a=40evil.example?=",
  "a@[127.0.0.1]",
  "a@victim.example;b@evil.example",
];
const TEXTS = [
  "\u202egnp.exe",
  "\u2066x\u2069",
  "e\u0301",
  "👩‍👩‍👧‍👦",
  "שלום",
  "\ud800",
  "\udfff",
  "ﷺ",
  "%0d%0aBcc:x@evil.example",
  `$${"{7*7}"}`,
  "{{constructor}}",
  "'; drop table outbox; --",
  "../../etc/passwd",
  "file:///etc/passwd",
  "x".repeat(5_000),
];

export const HOSTILE: readonly string[] = [
  ...MARKUP,
  ...ADDRESSES,
  ...TEXTS,
  ...CONTROLS.flatMap((control) =>
    HEADERS.flatMap((header) => [`x${control}${header}`, `${control}${header}${control}`]),
  ),
  ...CONTROLS.flatMap((control) => MARKUP.map((markup) => `a${control}${markup}`)),
];

/** A page of text as a PDF that every reader opens: a title, and lines beneath it. Of letters beyond Latin-1 only those that they have are kept. */
export function pdfOf(title: string, lines: readonly string[]): Buffer {
  const text = [`BT /F2 18 Tf 64 760 Td ${shown(title)} Tj ET`, ...lines.map(lineAt)].join("\n");
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    font("Helvetica"),
    font("Helvetica-Bold"),
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const entries = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`);
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}`;
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + table + end, "latin1");
}

const shown = (text: string): string =>
  `(${text.replaceAll(/[^\x20-\xff]/g, "").replaceAll(/[\\()]/g, (sign) => `\\${sign}`)})`;
const lineAt = (line: string, index: number): string => `BT /F1 11 Tf 64 ${724 - index * 18} Td ${shown(line)} Tj ET`;

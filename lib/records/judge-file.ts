import { ok, type Result, refuse } from "../result";
import { pixelsOf } from "./pixels-of";
import { type FileKind, judgeName, MAX_PIXELS, type NamedFile } from "./schema/attachment";

/**
 * Whether a file may be attached, by its name and by what it holds (S69): its first bytes must be those of what its name says. Nothing is unpacked
 * or decoded. Refusals: those of `judgeName`, `file-other`, `file-markup`, `file-macros`, `file-pixels`.
 */
export function judgeFile(given: string, bytes: Buffer): Result<NamedFile> {
  const judged = judgeName(given, bytes.length);
  if ("code" in judged) return { ok: false, refusal: judged };
  const { kind, name, called } = judged;
  const no = (code: string) => refuse(code, { details: { name, called } });
  if (!HOLDS[kind](bytes)) return no("file-other");
  if (kind === "text" && BEGINS_AS_CODE.test(textOf(bytes.subarray(0, LOOKED_AT)))) return no("file-markup");
  if (isOffice(kind) && bytes.includes("vbaProject.bin")) return no("file-macros");
  if (!isImage(kind)) return ok(judged);
  const pixels = pixelsOf(kind, bytes);
  if (pixels === null) return no("file-other");
  return pixels > MAX_PIXELS ? no("file-pixels") : ok(judged);
}

type ImageKind = Extract<FileKind, "png" | "jpeg" | "gif" | "webp">;
const isImage = (kind: FileKind): kind is ImageKind => ["png", "jpeg", "gif", "webp"].includes(kind);
const isOffice = (kind: FileKind): boolean => ["word", "excel", "powerpoint"].includes(kind);

/** Beyond what browsers look at when they guess what something is. */
const LOOKED_AT = 4_096;
const BEGINS_AS_CODE = /^\s*(<[!?/%a-z]|#!|%!)/i;
/** Any control but tab and line ends. */
const CONTROLS = /[^\P{Cc}\t\n\f\r]/u;

const startsWith = (bytes: Buffer, ...start: number[]): boolean =>
  bytes.subarray(0, start.length).equals(Buffer.from(start));
const hasAt = (bytes: Buffer, at: number, text: string): boolean =>
  bytes.toString("latin1", at, at + text.length) === text;
const isZip = (bytes: Buffer): boolean => startsWith(bytes, 0x50, 0x4b, 3, 4);
/** The names in an archive stand in it as they are. */
const isOoxml = (bytes: Buffer, folder: string): boolean =>
  isZip(bytes) && bytes.includes("[Content_Types].xml") && bytes.includes(folder);

const HOLDS: Readonly<Record<FileKind, (bytes: Buffer) => boolean>> = {
  pdf: (bytes) => hasAt(bytes, 0, "%PDF-"),
  png: (bytes) => startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  jpeg: (bytes) => startsWith(bytes, 0xff, 0xd8, 0xff),
  gif: (bytes) => hasAt(bytes, 0, "GIF87a") || hasAt(bytes, 0, "GIF89a"),
  webp: (bytes) => hasAt(bytes, 0, "RIFF") && hasAt(bytes, 8, "WEBP"),
  text: (bytes) => !hasAt(bytes, 0, "%PDF-") && !CONTROLS.test(textOf(bytes)),
  word: (bytes) => isOoxml(bytes, "word/"),
  excel: (bytes) => isOoxml(bytes, "xl/"),
  powerpoint: (bytes) => isOoxml(bytes, "ppt/"),
  odf: (bytes) => isZip(bytes) && hasAt(bytes, 30, "mimetypeapplication/vnd.oasis.opendocument."),
};

/** Text of a spreadsheet is often in the code page of whoever saved it: what is no UTF is read as Western European. */
function textOf(bytes: Buffer): string {
  if (startsWith(bytes, 0xff, 0xfe)) return new TextDecoder("utf-16le").decode(bytes);
  if (startsWith(bytes, 0xfe, 0xff)) return new TextDecoder("utf-16be").decode(bytes);
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? new TextDecoder("windows-1252").decode(bytes) : text;
}

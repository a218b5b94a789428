import type { Refusal } from "../../result";
import { refuse } from "../../result";
import { cleanFileName } from "./file-name";

/** Bounds of what people attach (S69). Next hands a route the first 10 MB of a body: for larger files it would have to be told. */
export const MAX_FILE_BYTES = 10 * 1_048_576;
/** Of one record, at a time. */
export const MAX_FILES = 50;
/** Of all that one person has attached and nobody removed. */
export const MAX_BYTES_OF_PERSON = 500 * 1_048_576;
export const MAX_PIXELS = 40_000_000;
const MAX_NAME_CHARACTERS = 200;

export type FileKind = "pdf" | "png" | "jpeg" | "gif" | "webp" | "text" | `${"word" | "excel" | "powerpoint"}` | "odf";
type FileType = { readonly kind: FileKind; readonly mediaType: string; readonly called: string };

const OOXML = "application/vnd.openxmlformats-officedocument";
const ODF = "application/vnd.oasis.opendocument";

/** What may be attached, by the ending of its name. Nothing that a browser runs: no HTML, SVG, XML or script. */
const TYPES: ReadonlyMap<string, FileType> = new Map<string, FileType>([
  ["pdf", { kind: "pdf", mediaType: "application/pdf", called: "a PDF" }],
  ["png", { kind: "png", mediaType: "image/png", called: "a PNG image" }],
  ["jpg", { kind: "jpeg", mediaType: "image/jpeg", called: "a JPEG image" }],
  ["jpeg", { kind: "jpeg", mediaType: "image/jpeg", called: "a JPEG image" }],
  ["gif", { kind: "gif", mediaType: "image/gif", called: "a GIF image" }],
  ["webp", { kind: "webp", mediaType: "image/webp", called: "a WebP image" }],
  ["txt", { kind: "text", mediaType: "text/plain", called: "plain text" }],
  ["csv", { kind: "text", mediaType: "text/csv", called: "plain text" }],
  ["docx", { kind: "word", mediaType: `${OOXML}.wordprocessingml.document`, called: "a Word document" }],
  ["xlsx", { kind: "excel", mediaType: `${OOXML}.spreadsheetml.sheet`, called: "an Excel workbook" }],
  ["pptx", { kind: "powerpoint", mediaType: `${OOXML}.presentationml.presentation`, called: "a PowerPoint file" }],
  ["odt", { kind: "odf", mediaType: `${ODF}.text`, called: "an OpenDocument text" }],
  ["ods", { kind: "odf", mediaType: `${ODF}.spreadsheet`, called: "an OpenDocument spreadsheet" }],
  ["odp", { kind: "odf", mediaType: `${ODF}.presentation`, called: "an OpenDocument presentation" }],
]);

/** For the dialog that chooses files. */
export const ACCEPTED = [...TYPES.keys()].map((ending) => `.${ending}`).join(",");

export type NamedFile = FileType & { readonly name: string };

/**
 * What the name and the size of a file say: what it is kept as, or why it is not taken. Asked before it is sent and again of what came.
 * Refusals: `file-unnamed`, `file-name-long`, `file-type`, `file-empty`, `file-large`.
 */
export function judgeName(given: string, size: number): NamedFile | Refusal {
  const name = cleanFileName(given);
  const refused = (code: string) => refuse(code, { details: { name: name.slice(0, MAX_NAME_CHARACTERS) } }).refusal;
  const type = TYPES.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "");
  if (name === "") return refused("file-unnamed");
  if (name.length > MAX_NAME_CHARACTERS) return refused("file-name-long");
  if (!type) return refused("file-type");
  if (size === 0) return refused("file-empty");
  return size > MAX_FILE_BYTES ? refused("file-large") : { ...type, name };
}

/** A file of a record, as pages list it. `removed`: it is not there any more. */
export type ShownFile = {
  readonly id: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly byName: string;
  readonly at: string;
  readonly removed: { readonly byName: string; readonly at: string } | null;
};

/** "840 bytes", "12 KB", "3.4 MB" */
export function fileSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1_024)} KB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** Where a file is downloaded. */
export const pathOfFile = (id: string): string => `/api/attachments/${id}`;

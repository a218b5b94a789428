import { pdfOf } from "../../db/seed/pdf";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { takeUpload } from "../../lib/records/take-upload";

/** Files as small as they can be and still are what they say. */
export const aPdf = (text = "A receipt"): Buffer => pdfOf(text, ["Paid."]);

/** A PNG that says it has that size; with nothing in it. */
export function aPng(width = 1, height = 1): Buffer {
  const head = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([head, size, Buffer.from("0806000000", "hex"), Buffer.from("IEND")]);
}

export function aJpeg(width = 1, height = 1): Buffer {
  const frame = Buffer.from("ffc0000b080000000001011100", "hex");
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([
    Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
    frame,
    Buffer.from([0xff, 0xd9]),
  ]);
}

export function aGif(width = 1, height = 1): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  return Buffer.concat([Buffer.from("GIF89a"), size, Buffer.from("000000;")]);
}

/** An extended WebP, which may be as large as three bytes can say. */
export function aWebp(width = 1, height = 1): Buffer {
  const size = Buffer.alloc(6);
  size.writeUIntLE(width - 1, 0, 3);
  size.writeUIntLE(height - 1, 3, 3);
  return Buffer.concat([Buffer.from("RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0", "latin1"), size]);
}

/** An archive of empty files with these names. */
export function aZip(...names: readonly string[]): Buffer {
  const entries = names.map((name) => {
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(name.length, 26);
    return Buffer.concat([head, Buffer.from(name, "latin1")]);
  });
  return Buffer.concat([...entries, Buffer.from("504b0506000000000000000000000000000000000000", "hex")]);
}

export type Given = { readonly name: string; readonly bytes?: Buffer; readonly key?: string };

/** Somebody attaches a file, as the route has them do it. */
export const attached = (
  person: Person,
  recordId: string,
  { name, bytes = aPdf(), key = newId("command") }: Given,
): ReturnType<typeof takeUpload> => takeUpload(person, { recordId, name, size: bytes.length, bytes, key });

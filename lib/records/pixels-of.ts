/** How many pixels an image says that it has, read from its head without decoding it; null: it does not say. */
export function pixelsOf(kind: "png" | "jpeg" | "gif" | "webp", bytes: Buffer): number | null {
  const [width, height] = SIZES[kind](bytes) ?? [0, 0];
  return width * height || null;
}

type Size = readonly [width: number, height: number] | null;

const SIZES: Readonly<Record<Parameters<typeof pixelsOf>[0], (bytes: Buffer) => Size>> = {
  png: (bytes) => (bytes.length < 24 ? null : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]),
  gif: (bytes) => (bytes.length < 10 ? null : [bytes.readUInt16LE(6), bytes.readUInt16LE(8)]),
  webp: sizeOfWebp,
  jpeg: sizeOfJpeg,
};

/** Its first chunk is plain, lossless or extended; each says it in bits of its own. */
function sizeOfWebp(bytes: Buffer): Size {
  if (bytes.length < 30) return null;
  const chunk = bytes.toString("latin1", 12, 16);
  if (chunk === "VP8X") return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  if (chunk === "VP8 ") return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
  const bits = bytes.readUInt32LE(21);
  return chunk === "VP8L" ? [(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1] : null;
}

/** Markers that begin a frame, which says its size; between them are tables (C4, CC) and an extension (C8). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function sizeOfJpeg(bytes: Buffer): Size {
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (isFrame(marker)) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    // Filling may stand before a marker.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** What no name needs and what can make one read as another: controls, line ends, marks that turn the direction, what has no width. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** What some systems take in no name. */
const FORBIDDEN = /[<>:"|?*]/g;
/** Names that some systems keep for devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i;

/**
 * A file's name as it is kept, shown and offered when it is downloaded: text on one line, of a path its last part. Nothing is ever stored or
 * found under it (S69). Empty: nothing is left of it.
 */
export function cleanFileName(given: string): string {
  const seen = given.toWellFormed().normalize("NFC").replaceAll(UNSEEN, "");
  const last = seen.split(/[/\\]/).at(-1) ?? "";
  const name = last
    .replaceAll(FORBIDDEN, "_")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[. ]+|[. ]+$/g, "");
  return DEVICE.test(name) ? `_${name}` : name;
}

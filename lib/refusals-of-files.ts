import type { Sentence } from "./refusals";

const NOT_TAKEN = "It was not attached.";
const named = (name: string | number | undefined): string => (name ? `“${name}”` : "The file");

/** What people are told of a file that was not attached. Each names the file and the rule. */
export const FILE_SENTENCES: Readonly<Record<string, Sentence>> = {
  "file-unnamed": `The file has no name that could be kept. ${NOT_TAKEN}`,
  "file-name-long": ({ name }) => `The name ${named(name)} is longer than 200 characters. ${NOT_TAKEN}`,
  "file-type": ({ name }) =>
    `${named(name)} is of a kind that is not taken: PDF, PNG, JPEG, GIF, WebP, text, CSV, Word, Excel, PowerPoint and OpenDocument files are. ${NOT_TAKEN}`,
  "file-empty": ({ name }) => `${named(name)} is empty. ${NOT_TAKEN}`,
  "file-large": ({ name }) => `${named(name)} is larger than 10 MB, the most that one file may have. ${NOT_TAKEN}`,
  "file-other": ({ name, called }) =>
    `${named(name)} is not what its name says: it does not hold ${called ?? "that"}. ${NOT_TAKEN}`,
  "file-markup": ({ name }) => `${named(name)} begins like HTML, XML or a script, which are not taken. ${NOT_TAKEN}`,
  "file-macros": ({ name }) => `${named(name)} holds macros, which are not taken. ${NOT_TAKEN}`,
  "file-pixels": ({ name }) =>
    `${named(name)} has more than 40 megapixels, the most that an image may have. ${NOT_TAKEN}`,
  "file-cut": ({ name }) => `${named(name)} did not arrive whole. ${NOT_TAKEN} Please try again.`,
  "too-many-files": ({ name, limit }) =>
    `This record has ${limit ?? 50} attachments, the most there may be; ${named(name)} was not attached. Remove one first.`,
  "too-much-attached": ({ name, limit }) =>
    `With ${named(name)} your attachments would be more than ${limit ?? "500 MB"} together, the most that one person may have. ${NOT_TAKEN}`,
  "file-removed": ({ name, by }) => `${named(name)} was already removed by ${by ?? "somebody"}. Nothing was changed.`,
};

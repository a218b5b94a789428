/** Words of one record that can be searched for, and their characters together; what lies beyond is not found by the search box. */
const MAX_CHARACTERS = 20_000;
const MAX_WORD = 100;

/**
 * The words of a text: runs of letters and digits, lower-cased, in compatibility form. What is searched and what is searched for go
 * through this same function, so that `PO-1182` and an e-mail address are found by any of their parts.
 */
export const splitWords = (text: string): string[] =>
  (
    text
      .slice(0, MAX_CHARACTERS)
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).map((word) => word.slice(0, MAX_WORD));

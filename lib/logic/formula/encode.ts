const HTML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const SCRIPT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "<": "\\x3C", ">": "\\x3E" };

/** Texts made harmless for a place in HTML, in an address, and in a text of JavaScript. */
export const encode = {
  html: (text: string): string => text.replace(/[&<>"']/g, (character) => HTML[character] ?? character),
  url: (text: string): string =>
    encodeURIComponent(text.replace(LONE, "\uFFFD"))
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+"),
  script: (text: string): string =>
    text.replace(/[\\'"\n\r\t<>]/g, (character) => SCRIPT[character] ?? `\\${character}`),
};

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

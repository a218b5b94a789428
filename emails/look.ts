import type { CSSProperties } from "react";

/**
 * How every mail looks. Styles sit on the elements, because many mail programs drop style sheets; the sheet only turns the colours for
 * those that know a dark theme. No image is loaded from anywhere.
 */
const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Inter, Roboto, Helvetica, Arial, sans-serif";

const ink = "#191d26";
const muted = "#626a79";
const line = "#e8eaef";
const accent = "#5053d6";

export const look = {
  body: { margin: 0, padding: "32px 12px", backgroundColor: "#f1f2f6", fontFamily: FONT, color: ink },
  frame: { maxWidth: "560px", margin: "0 auto" },
  brand: { padding: "0 4px 16px" },
  mark: {
    display: "inline-block",
    width: "10px",
    height: "20px",
    marginRight: "10px",
    borderRadius: "3px",
    backgroundColor: accent,
    verticalAlign: "middle",
  },
  name: {
    fontSize: "16px",
    lineHeight: "20px",
    fontWeight: 650,
    letterSpacing: "-0.01em",
    verticalAlign: "middle",
    color: ink,
  },
  card: { backgroundColor: "#ffffff", border: `1px solid ${line}`, borderRadius: "12px", padding: "32px" },
  heading: {
    margin: "0 0 16px",
    fontSize: "21px",
    lineHeight: "28px",
    fontWeight: 650,
    letterSpacing: "-0.015em",
    color: ink,
  },
  text: { margin: "0 0 14px", fontSize: "15px", lineHeight: "24px", color: ink },
  facts: { margin: "8px 0 22px", borderTop: `1px solid ${line}` },
  factLabel: {
    width: "112px",
    padding: "10px 12px 10px 0",
    borderBottom: `1px solid ${line}`,
    fontSize: "13px",
    lineHeight: "20px",
    color: muted,
    verticalAlign: "top",
  },
  factValue: {
    padding: "10px 0",
    borderBottom: `1px solid ${line}`,
    fontSize: "14px",
    lineHeight: "20px",
    color: ink,
    wordBreak: "break-word",
  },
  buttons: { margin: "8px 0 4px" },
  primary: {
    padding: "12px 20px",
    marginRight: "10px",
    borderRadius: "8px",
    backgroundColor: accent,
    border: `1px solid ${accent}`,
    color: "#ffffff",
    fontSize: "15px",
    lineHeight: "20px",
    fontWeight: 600,
  },
  secondary: {
    padding: "12px 20px",
    marginRight: "10px",
    borderRadius: "8px",
    backgroundColor: "#ffffff",
    border: "1px solid #cacfd9",
    color: ink,
    fontSize: "15px",
    lineHeight: "20px",
    fontWeight: 600,
  },
  foot: { padding: "18px 4px 0" },
  note: { margin: "0 0 6px", fontSize: "12px", lineHeight: "18px", color: muted },
  link: { color: muted, textDecoration: "underline" },
} satisfies Record<string, CSSProperties>;

export const DARK_SHEET = `
@media (prefers-color-scheme: dark) {
  .b-body, .b-body > table > tbody > tr > td { background-color: #111317 !important; }
  .b-card, .b-secondary { background-color: #202329 !important; border-color: #343842 !important; }
  .b-ink, .b-secondary { color: #e3e5ea !important; }
  .b-muted { color: #9ba1ae !important; }
  .b-rule { border-color: #343842 !important; }
}
@media (max-width: 480px) {
  .b-card { padding: 24px 20px !important; }
}`;

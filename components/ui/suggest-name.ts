/**
 * An API name made of a label: "E-mail of manager" → `EmailOfManager`, or `Email_Of_Manager` with `_` as joint. May be empty, when there is no
 * letter to begin with.
 */
export function suggestName(label: string, joint: "" | "_" = ""): string {
  const words =
    label
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replaceAll("-", "")
      .match(/[A-Za-z0-9]+/g) ?? [];
  const name = words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(joint)
    .replace(/^[0-9]+_?/, "");
  return name.slice(0, 80);
}

/** A file as it is sealed with a decision: which one it was, what it was called, and the SHA-256 of what it held. */
export type SealedFile = { readonly id: string; readonly name: string; readonly sha256: string };

type Told = Pick<SealedFile, "name" | "sha256">;
const keysOf = (files: readonly Told[]): string[] => files.map(({ name, sha256 }) => `${sha256} ${name}`).toSorted();

/** Whether both are the same files: by name and content, in any order. */
export const areSameFiles = (some: readonly Told[], others: readonly Told[]): boolean =>
  keysOf(some).join("\n") === keysOf(others).join("\n");

/** A fault of the engine itself: the transaction that meets it is rolled back, and the log names the promise that was broken. */
export class BrokenInvariant extends Error {
  override name = "BrokenInvariant";
  constructor(promise: string, where: string) {
    super(`${promise} (${where})`);
  }
}

/**
 * Loaded first by processes whose clock is to jump: `Date` is wrong by as much as the parent said last, over the channel. Timers and
 * `performance.now` go on evenly, as they do when somebody sets a machine's clock.
 */
const real = Date;
let wrongBy = 0;

class WrongDate extends real {
  /** @param {ConstructorParameters<typeof Date>} given */
  constructor(...given) {
    if (given.length === 0) super(real.now() + wrongBy);
    else super(...given);
  }
  static now() {
    return real.now() + wrongBy;
  }
}
globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (WrongDate));

process.on("message", (message) => {
  if (typeof message === "object" && message !== null && "wrongBy" in message) wrongBy = Number(message.wrongBy);
});

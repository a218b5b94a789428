/**
 * What the commands say in the terminal. Plain JavaScript, because setup runs before anything is installed.
 * @param {string} text
 */
export const say = (text) => void process.stdout.write(`${text}\n`);

/** @param {string} text */
export const complain = (text) => void process.stderr.write(`${text}\n`);

/** @param {number} milliseconds */
const secondsOf = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Seconds between two signs of life where lines cannot be written over. */
const SIGN_OF_LIFE_S = 10;

/**
 * Runs work under a title and shows how long it has been at it; quiet about what takes less than two seconds.
 * @template T
 * @param {string} title what is being done, e.g. "Building the portal"
 * @param {(note: (text: string) => void) => Promise<T>} work may note how far it is
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const began = performance.now();
  const isTerminal = process.stdout.isTTY === true;
  let note = "";
  let shown = 0;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    const text = `${title} … ${seconds} s${note ? `  ${note}` : ""}`;
    if (isTerminal) process.stdout.write(`\r\x1b[2K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`);
    else if (seconds >= 2 && (shown === 0 || seconds - shown >= SIGN_OF_LIFE_S)) {
      shown = seconds;
      say(text);
    }
  }, 1000);
  const clear = () => {
    clearInterval(timer);
    if (isTerminal) process.stdout.write("\r\x1b[2K");
  };
  try {
    const result = await work((text) => {
      note = text;
    });
    clear();
    const took = performance.now() - began;
    if (took >= 2000) say(`${title}: done in ${secondsOf(took)}`);
    return result;
  } catch (error) {
    clear();
    throw error;
  }
}

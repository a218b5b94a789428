/** Digits behind the point that arithmetic keeps (semantics B 3.9). */
const MAX_SCALE = 17;
/** Past this a number is too large to go on with; what JSON can write has at most 309 digits. */
const BOUND = 10n ** 400n;

/** `digits` with the point moved `scale` places to the left: 12.5 is 125 and 1. */
export type Decimal = { readonly digits: bigint; readonly scale: number };

export const ZERO: Decimal = { digits: 0n, scale: 0 };
export const ONE: Decimal = { digits: 1n, scale: 0 };

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** A number as it is written, `-12.50` or `1e-7`, to 17 digits behind the point; null when it is none or too large. */
export function parseDecimal(text: string): Decimal | null {
  const parts = DECIMAL.exec(text);
  const [, sign, front = "", back = "", power = "0"] = parts ?? [];
  if (!parts || front + back === "" || text.length > 10_000) return null;
  const shift = back.length - Number(power);
  if (shift < -400) return null;
  const digits = BigInt(`${sign === "-" ? "-" : ""}${front}${back}${"0".repeat(Math.max(0, -shift))}`);
  return bounded({ digits, scale: Math.max(0, shift) });
}

/** A finite number as people write it: 0.1 is a tenth. */
export const decimalOf = (value: number): Decimal | null =>
  Number.isFinite(value) ? parseDecimal(String(value)) : null;

/** The nearest number that JSON can write; null past those. */
export function numberOf(value: Decimal): number | null {
  const number = Number(decimalText(value));
  return Number.isFinite(number) ? number : null;
}

/** `-12.5`, never with an exponent or zeros at the end. */
export function decimalText({ digits, scale }: Decimal): string {
  const plain = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const point = plain.length - scale;
  const fraction = plain.slice(point).replace(/0+$/, "");
  const text = `${plain.slice(0, point)}${fraction === "" ? "" : `.${fraction}`}`;
  return digits < 0n && text !== "0" ? `-${text}` : text;
}

const bounded = (value: Decimal): Decimal | null => {
  const { digits } = value;
  if (digits >= BOUND || digits <= -BOUND) return null;
  return value.scale > MAX_SCALE ? roundTo(value, MAX_SCALE) : value;
};

const raised = ({ digits, scale }: Decimal, to: number): bigint => digits * 10n ** BigInt(to - scale);

/** The sum as people reckon it: 0.1 + 0.2 is 0.3. Null, here as below: too large. */
export function add(left: Decimal, right: Decimal): Decimal | null {
  const scale = Math.max(left.scale, right.scale);
  return bounded({ digits: raised(left, scale) + raised(right, scale), scale });
}

export const negate = ({ digits, scale }: Decimal): Decimal => ({ digits: -digits, scale });
export const subtract = (left: Decimal, right: Decimal): Decimal | null => add(left, negate(right));

export const multiply = (left: Decimal, right: Decimal): Decimal | null =>
  bounded({ digits: left.digits * right.digits, scale: left.scale + right.scale });

/** Rounded to 17 digits behind the point; null too when the divisor is zero. */
export function divide(left: Decimal, right: Decimal): Decimal | null {
  if (right.digits === 0n) return null;
  const scale = MAX_SCALE + 1 + right.scale;
  return bounded({
    digits: raised(left, Math.max(scale, left.scale)) / right.digits,
    scale: Math.max(scale, left.scale) - right.scale,
  });
}

/** What is left over after whole divisors are taken away, with the sign of what was divided; null when the divisor is zero. */
export function remainder(left: Decimal, right: Decimal): Decimal | null {
  if (right.digits === 0n) return null;
  const scale = Math.max(left.scale, right.scale);
  return { digits: raised(left, scale) % raised(right, scale), scale };
}

/** A power with a whole exponent, at most 400 either way. */
export function power(base: Decimal, exponent: number): Decimal | null {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 400) return null;
  let result: Decimal | null = ONE;
  for (let left = Math.abs(exponent); left > 0 && result; left--) result = multiply(result, base);
  return result && exponent < 0 ? divide(ONE, result) : result;
}

export function compareDecimals(left: Decimal, right: Decimal): -1 | 0 | 1 {
  const scale = Math.max(left.scale, right.scale);
  const [a, b] = [raised(left, scale), raised(right, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How what lies between two whole numbers is decided: the nearer one (halves away from zero), or always one side. */
export type Rounding = "half" | "towards_zero" | "from_zero" | "down" | "up";

/** Keeps `places` digits behind the point; fewer than none are digits before it. */
export function roundTo(value: Decimal, places: number, rounding: Rounding = "half"): Decimal {
  const { digits, scale } = value;
  if (places >= scale) return value;
  const unit = 10n ** BigInt(Math.min(scale - places, 1_000));
  const [quotient, rest] = [digits / unit, digits % unit];
  const away = digits < 0n ? -1n : 1n;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const moves =
    rest !== 0n &&
    (rounding === "half"
      ? twice >= unit
      : rounding === "from_zero" || (rounding === "down" && away < 0n) || (rounding === "up" && away > 0n));
  const kept = moves ? quotient + away : quotient;
  return places >= 0
    ? { digits: kept, scale: places }
    : { digits: kept * 10n ** BigInt(Math.min(-places, 1_000)), scale: 0 };
}

/**
 * The sum of two numbers as people reckon it. Numbers too small or large for plain decimals are added as the machine does;
 * null when the sum is no number that JSON can write.
 */
export function addNumbers(left: number, right: number): number | null {
  const isPlain = (value: number) => /^-?\d+(\.\d{1,17})?$/.test(String(value));
  const [a, b] = [decimalOf(left), decimalOf(right)];
  const sum = a && b && isPlain(left) && isPlain(right) ? add(a, b) : null;
  if (sum) return numberOf(sum);
  return Number.isFinite(left + right) ? left + right : null;
}

/** Digits behind the point that arithmetic keeps (semantics B 3.9). */
const MAX_SCALE = 17;

/** A number as digits and the count of those behind the point; null when it has more than are kept or no plain decimal text. */
function split(value: number): { digits: bigint; scale: number } | null {
  const [whole = "", fraction = "", more] = String(value).split(".");
  if (more !== undefined || fraction.length > MAX_SCALE || !/^-?\d+$/.test(whole) || !/^\d*$/.test(fraction))
    return null;
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/**
 * The sum as people reckon it: 0.1 + 0.2 is 0.3. Numbers too small or large for plain decimals are added as the machine does;
 * null when the sum is no number that JSON can write.
 */
export function addNumbers(left: number, right: number): number | null {
  const [a, b] = [split(left), split(right)];
  if (!a || !b) return Number.isFinite(left + right) ? left + right : null;
  const scale = Math.max(a.scale, b.scale);
  const sum = a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  return Number(`${sum < 0n ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}0`);
}

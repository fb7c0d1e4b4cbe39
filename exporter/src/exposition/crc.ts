/**
 * CRC-32 of joined pieces from the CRCs of the pieces, without reading them again. The method is zlib's (crc32_combine
 * and crc32_combine_op in crc32.c): with polynomials over GF(2) modulo the CRC's own, in which appending n bytes
 * multiplies by x^(8n), crc(ab) = crc(a) * x^(8 * length of b) + crc(b).
 */
const POLYNOMIAL = 0xedb88320 | 0;
/** The bits are reflected: the highest is the coefficient of x^0, the next that of x^1. */
const ONE = 1 << 31;
const X = 1 << 30;

/** `a * b` modulo the polynomial. Without branches, which random bits would make slow. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bits = a, n = 0; n < 32; n++, bits <<= 1) {
    product ^= factor & -(bits >>> 31);
    factor = (factor >>> 1) ^ (POLYNOMIAL & -(factor & 1));
  }
  return product;
}

/** `POWERS[n]` is x^(2^n). */
const POWERS = Array.from({ length: 32 }, () => X);
for (let n = 1; n < 32; n++) POWERS[n] = multiply(POWERS[n - 1] ?? X, POWERS[n - 1] ?? X);

/** x^(8 * bytes): what `combineCrc` needs to know of a length, kept per piece because it takes most of the time. */
export function shiftOf(bytes: number): number {
  let shift = ONE;
  // x^8 is x^(2^3); the powers repeat after 32, since x^(2^32) is x.
  for (let rest = bytes, n = 3; rest > 0; rest = Math.floor(rest / 2), n++) {
    if (rest % 2 === 1) shift = multiply(POWERS[n % 32] ?? X, shift);
  }
  return shift;
}

/** CRC of `a` followed by `b`, where `shift` is `shiftOf(length of b)`. */
export function combineCrc(crcOfA: number, crcOfB: number, shift: number): number {
  return (multiply(shift, crcOfA) ^ crcOfB) >>> 0;
}

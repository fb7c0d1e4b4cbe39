/**
 * Quantities of the Kubernetes API (`500m`, `1Gi`, `1e3`, `1500M`), as the API machinery's resource.Quantity defines
 * them: a decimal number and a decimal SI suffix, a binary suffix or an exponent. `E` alone is exa, `E3` an exponent.
 */
const FORM = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/;

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number in base units (cores, bytes); `undefined` when it is not a quantity. Plain JSON numbers are taken too. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 64) return undefined;
  let known = parsed.get(value);
  if (known === undefined && !parsed.has(value)) {
    known = parseText(value.trim());
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(value, known);
  }
  return known;
}

/** A fleet asks for the same few amounts again and again. */
const MOST_PARSED = 1_000;
const parsed = new Map<string, number | undefined>();

function parseText(text: string): number | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [, digits, exponent, suffix] = match;
  const number = Number(`${digits}${exponent ?? ''}`) * (suffix ? (FACTORS[suffix] ?? NaN) : 1);
  return Number.isFinite(number) ? number : undefined;
}

/** @jest-environment jsdom */
import { createTheme } from '@grafana/data';
import { outlineColor, stateColor } from './palette';

/**
 * Distances of the state colours for readers with and without colour blindness: CIEDE2000 after simulation by the
 * matrices of Machado et al. 2009 (severity 1.0) in linear RGB.
 */
type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const VISIONS: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const RGB_TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const D65: Triple = [0.95047, 1, 1.08883];

const times = (matrix: Matrix, [x, y, z]: Triple): Triple =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple;

function linear(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

function lab(rgb: Triple): Triple {
  const clipped = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [fx, fy, fz] = times(RGB_TO_XYZ, clipped).map((value, index) => {
    const share = value / D65[index as 0 | 1 | 2];
    return share > 216 / 24389 ? Math.cbrt(share) : ((24389 / 27) * share + 16) / 116;
  }) as unknown as Triple;
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

function hue(a: number, b: number): number {
  const angle = (Math.atan2(b, a) * 180) / Math.PI;
  return angle < 0 ? angle + 360 : angle;
}

/** CIEDE2000 with all weights 1. */
function ciede2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const chroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  let dh = h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const bigH = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(dh) / 2);
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const h = Math.abs(h1 - h2) > 180 ? (h1 + h2 + 360) / 2 : (h1 + h2) / 2;
  const t =
    1 -
    0.17 * Math.cos(radians(h - 30)) +
    0.24 * Math.cos(radians(2 * h)) +
    0.32 * Math.cos(radians(3 * h + 6)) -
    0.2 * Math.cos(radians(4 * h - 63));
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const turn = -Math.sin(radians(60 * Math.exp(-(((h - 275) / 25) ** 2)))) * 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const [dl, dc, dH] = [(l2 - l1) / sl, (c2 - c1) / sc, bigH / sh];
  return Math.sqrt(dl ** 2 + dc ** 2 + dH ** 2 + turn * dc * dH);
}

function contrast(a: string, b: string): number {
  const luminance = (hex: string) => times(RGB_TO_XYZ, linear(hex))[1];
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

const SHOWN = ['healthy', 'degraded', 'failed', 'unknown'] as const;
const PAIRS = SHOWN.flatMap((a, index) => SHOWN.slice(index + 1).map((b) => [a, b] as const));

it('measures the reference pair of Sharma et al. as published', () => {
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 3);
});

describe.each(['dark', 'light'] as const)('state colours in the %s theme', (mode) => {
  const theme = createTheme({ colors: { mode } });

  it.each(Object.keys(VISIONS))('stay at least 20 apart for %s vision', (vision) => {
    const matrix = VISIONS[vision] as Matrix;
    const near = PAIRS.filter(([a, b]) => {
      const seen = (state: (typeof SHOWN)[number]) => lab(times(matrix, linear(stateColor(theme, state))));
      return ciede2000(seen(a), seen(b)) < 20;
    });
    expect(near).toEqual([]);
  });

  it('have an edge of at least 3:1 against the panel', () => {
    const panel = mode === 'dark' ? '#181B1F' : '#FFFFFF';
    for (const state of SHOWN) {
      const edge = outlineColor(theme, state);
      // Text is given with an opacity in the light theme's family of colours; only opaque hex colours are measured.
      if (edge.startsWith('#')) expect(contrast(edge, panel)).toBeGreaterThanOrEqual(3);
      else expect(contrast(stateColor(theme, state), panel)).toBeLessThan(3);
    }
  });
});

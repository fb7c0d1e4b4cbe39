/** Families as exporters written in Go give them. */
import { goFloat, header, labelText, type Labels } from '../servers/exposition';

export type Sample = readonly [Labels, number];

export function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  return (
    header(name, type, help) +
    samples.map(([labels, value]) => `${name}${labelText(labels)} ${goFloat(value)}\n`).join('')
  );
}

/** What the decoders of frames have in common. */
import type { DataFrame } from '@grafana/data';
import { decode, DecodeError } from '@modelwatch/contract';

export const finite = decode.optional(decode.number);
export const word = decode.optional(decode.string);

export function ratio(value: unknown, path = ''): number {
  const number = decode.number(value, path);
  if (number < 0 || number > 1) throw new DecodeError(path, value, 'a share from 0 to 1');
  return number;
}

export function atLeastZero(value: unknown, path = ''): number {
  const number = decode.number(value, path);
  if (number < 0) throw new DecodeError(path, value, 'a number from 0');
  return number;
}

export function filled(value: unknown, path = ''): string {
  if (decode.string(value, path) === '') throw new DecodeError(path, value, 'a name');
  return value as string;
}

export function columns(frame: DataFrame): Map<string, readonly unknown[]> {
  return new Map(frame.fields.map(({ name, values }) => [name, values]));
}

/** @param fields key of the contract -> name of the field */
export function rowAt(
  fields: Readonly<Record<string, string>>,
  byName: ReadonlyMap<string, readonly unknown[]>,
  index: number
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, name]) => [key, byName.get(name)?.[index]]));
}

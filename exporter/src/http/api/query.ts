/** Query parameters of the read API. One that is unknown, repeated or wrong is refused: a typo must not widen a filter. */
import { preview } from '@modelwatch/contract';
import { HttpError } from '../errors';

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  /** Closed list of values. */
  readonly values?: readonly string[];
  /** A whole number in this range. */
  readonly range?: readonly [number, number];
}

export type Query = ReadonlyMap<string, string>;

/** @throws HttpError 400 with place, expectation and value. */
export function readQuery(originalUrl: string, parameters: readonly QueryParameter[]): Query {
  const question = originalUrl.indexOf('?');
  const query = new Map<string, string>();
  if (question < 0) return query;
  for (const [name, value] of new URLSearchParams(originalUrl.slice(question + 1))) {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw refusal(name, knownNames(parameters));
    if (query.has(name)) throw refusal(name, 'it once, got it twice');
    check(parameter, value);
    query.set(name, value);
  }
  return query;
}

function check({ name, values, range }: QueryParameter, value: string): void {
  const got = `got ${preview(value)}`;
  if (values && !values.includes(value)) throw refusal(name, `one of ${values.join(', ')}, ${got}`);
  if (range && !(/^\d{1,12}$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1])) {
    throw refusal(name, `a whole number from ${range[0]} to ${range[1]}, ${got}`);
  }
  if (value === '') throw refusal(name, 'a value, got nothing');
}

function knownNames(parameters: readonly QueryParameter[]): string {
  if (parameters.length === 0) return 'no query parameters here';
  return `a known query parameter, one of ${parameters.map(({ name }) => name).join(', ')}`;
}

function refusal(name: string, expected: string): HttpError {
  return new HttpError(400, 'bad_query', `query ${preview(name)}: expected ${expected}`);
}

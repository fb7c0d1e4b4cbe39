import { parsePath, PathError, select } from './path';
import { parseNumberField, parseTemplate } from './template';

const object = {
  metadata: { name: 'a', labels: { 'example.com/team': 'search' } },
  spec: { replicas: 0, 'a-b': 1 },
  status: {
    none: null,
    conditions: [
      { type: 'Failed', status: 'False' },
      { type: 'Ready', status: 'True' },
      { type: 'Ready', status: 'twice' },
    ],
    parts: { x: { state: 'Up' }, y: { state: 'Down' }, z: {} },
  },
};
const at = (text: string) => select(parsePath(text), { object, entry: { status: 'RUNNING' }, key: 'embed' });

describe('paths', () => {
  it.each([
    ['spec.replicas', [0]],
    ['spec.a-b', [1]],
    ['metadata.labels["example.com/team"]', ['search']],
    ['status.conditions[1].type', ['Ready']],
    ['status.conditions[type=Ready].status', ['True']],
    ['status.conditions[type=Gone].status', []],
    ['status.parts.*.state', ['Up', 'Down']],
    ['status.conditions.*.type', ['Failed', 'Ready', 'Ready']],
    ['status.none', []],
    ['status.none.deeper?', []],
    ['metadata.name.length', []],
    ['constructor', []],
    ['metadata.__proto__', []],
    ['@.status', ['RUNNING']],
    ['@key', ['embed']],
  ])('%s', (text, expected) => {
    expect(at(text)).toEqual(expected);
  });

  it.each([
    ['', 'a path as in status.conditions[type=Ready].status'],
    ['a..b', 'a path as in status.conditions[type=Ready].status, from ".b" on it is none'],
    ['a[x', 'a path as in status.conditions[type=Ready].status, from "[x" on it is none'],
    ['$.spec', 'a path as in status.conditions[type=Ready].status'],
    ['a.*.b.*.c.*', 'a path with at most 2 "*"'],
    ['a'.repeat(301), 'a path of at most 300 characters'],
  ])('refuses %j', (text, expected) => {
    expect(() => parsePath(text)).toThrow(new PathError(expected));
  });
});

describe('texts and numbers', () => {
  it('hold paths', () => {
    expect(
      parseTemplate('${metadata.name}-${@key}!').map((part) => (typeof part === 'string' ? part : part.text))
    ).toEqual(['metadata.name', '-', '@key', '!']);
    expect(parseNumberField('spec.replicas or 1')).toMatchObject({ path: { text: 'spec.replicas' }, otherwise: 1 });
    expect(parseNumberField('spec.for')).toMatchObject({ path: { text: 'spec.for' } });
  });

  it('refuse what is open or gives many values', () => {
    expect(() => parseTemplate('${a')).toThrow('a text in which each ${ ends with a }');
    expect(() => parseTemplate('${a.*}')).toThrow('a text whose paths give one value each, without "*"');
    expect(() => parseNumberField('spec.replicas or one')).toThrow(PathError);
  });
});

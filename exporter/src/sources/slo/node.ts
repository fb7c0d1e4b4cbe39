/** A value of a YAML text with its place: whatever is wrong with it is told with file, line and column. */
import { preview } from '@modelwatch/contract';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml';

/** Names path, expectation, value and place. */
export class SloRefusal extends Error {}

interface Text {
  readonly name: string;
  readonly lines: LineCounter;
}

export class YamlNode {
  constructor(
    private readonly text: Text,
    private readonly document: Document,
    readonly path: string,
    private readonly node: unknown,
    private readonly offset: number
  ) {}

  /** `slo.yaml line 3 column 5`. */
  get place(): string {
    const { line, col } = this.text.lines.linePos(this.offset);
    return `${this.text.name} line ${line} column ${col}`;
  }

  /** @throws SloRefusal */
  refuse(expected: string, path = this.path): never {
    throw new SloRefusal(`${path}: expected ${expected}, got ${this.shown()} (${this.place})`);
  }

  /** Of these keys those that are there; another one is refused by its name. */
  keys<Key extends string>(known: readonly Key[]): Partial<Record<Key, YamlNode>> {
    const out: Partial<Record<Key, YamlNode>> = {};
    for (const [name, child] of this.entries()) {
      const key = known.find((one) => one === name);
      if (key === undefined) {
        throw new SloRefusal(`${child.path}: expected a known key, one of ${known.join(', ')} (${child.place})`);
      }
      out[key] = child;
    }
    return out;
  }

  /** Of a map whose keys anybody chooses. */
  entries(): [string, YamlNode][] {
    const { node } = this;
    if (!isMap(node)) return this.refuse('a section with keys');
    return node.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : preview(key);
      const offset = (isNode(key) ? key.range?.[0] : undefined) ?? this.offset;
      return [name, this.child(this.path ? `${this.path}.${name}` : name, value, offset)];
    });
  }

  items(): YamlNode[] {
    const { node } = this;
    if (!isSeq(node)) return this.refuse('a list');
    return node.items.map((item, index) => {
      const offset = (isNode(item) ? item.range?.[0] : undefined) ?? this.offset;
      return this.child(`${this.path}[${index}]`, item, offset);
    });
  }

  string(expected = 'a text that is not empty'): string {
    const value = this.scalar();
    return typeof value === 'string' && value !== '' ? value : this.refuse(expected);
  }

  oneOf<Value extends string>(known: readonly Value[]): Value {
    const value = this.scalar();
    return known.find((one) => one === value) ?? this.refuse(`one of ${known.join(', ')}`);
  }

  number(): number {
    const value = this.scalar();
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse('a number');
  }

  boolean(): boolean {
    const value = this.scalar();
    return typeof value === 'boolean' ? value : this.refuse('true or false');
  }

  private scalar(): unknown {
    return isScalar(this.node) ? this.node.value : undefined;
  }

  private shown(): string {
    if (isScalar(this.node)) return preview(this.node.value);
    return isMap(this.node) ? 'a section' : isSeq(this.node) ? 'a list' : 'nothing';
  }

  private child(path: string, value: unknown, offset: number): YamlNode {
    // An alias is its anchor, wherever that stands; nothing is expanded that nobody looks at.
    const node = isAlias(value) ? value.resolve(this.document) : value;
    return new YamlNode(this.text, this.document, path, node, offset);
  }
}

/**
 * The documents of a text; empty ones are none.
 *
 * @throws SloRefusal naming line and column of what is no YAML
 */
export function yamlDocuments(name: string, content: string): YamlNode[] {
  const lines = new LineCounter();
  const text = { name, lines };
  const documents = parseAllDocuments(content, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document: Document) => {
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      // The parser's own text quotes keys at most, never values: a value may be a secret.
      const what = error.code.toLowerCase().replaceAll('_', ' ');
      throw new SloRefusal(`${name} line ${line} column ${col}: expected valid YAML, got ${what}`);
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    return [new YamlNode(text, document, '', contents, contents.range?.[0] ?? 0)];
  });
}

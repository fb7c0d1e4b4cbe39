/** A report as Markdown, or as one page of HTML that needs nothing else. */
import type { Report, Section } from './types';

export function markdown({ title, facts, sections }: Report): string {
  const parts = sections.map((section) => [`## ${section.title}`, ...table(section), ...note(section)].join('\n\n'));
  return `${[`# ${plain(title)}`, facts.join('\n'), ...parts].join('\n\n')}\n`;
}

function table({ columns, rows }: Section): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')];
}

function note({ missing }: Section): string[] {
  return missing === undefined ? [] : [`_${plain(missing)}_`];
}

/** Names of others must not become markup. */
function plain(text: string): string {
  return text
    .replace(/[\\|`*_<>[\]]/g, (character) => (character === '_' ? '\\_' : `\\${character}`))
    .replace(/\s+/g, ' ');
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #d1d9e0;padding:.3rem .6rem;text-align:left}
.missing{color:#6e7781;font-style:italic}@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}}`;

export function html({ title, facts, sections }: Report): string {
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('');
  const parts = sections.map(({ title: heading, columns, rows, missing }) =>
    [
      `<h2>${escaped(heading)}</h2>`,
      ...(rows.length === 0
        ? []
        : [
            `<table><thead><tr>${cells('th', columns)}</tr></thead><tbody>`,
            ...rows.map((row) => `<tr>${cells('td', row)}</tr>`),
            '</tbody></table>',
          ]),
      ...(missing === undefined ? [] : [`<p class="missing">${escaped(missing)}</p>`]),
    ].join('\n')
  );
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    ...facts.map((fact) => `<p>${escaped(fact)}</p>`),
    ...parts,
    '</body></html>',
    '',
  ].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}

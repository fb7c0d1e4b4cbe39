/** HTML as text, escaped unless it is already HTML. */

/** Text that is safe to put into a page. Only `html` and `raw` make it. */
export class Html {
  constructor(private readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** Tagged template: every value is escaped, except Html and lists of it. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  let text = parts[0] ?? '';
  values.forEach((value, index) => {
    if (value instanceof Html) text += value.toString();
    else if (typeof value === 'object') text += value.join('');
    else text += escape(String(value));
    text += parts[index + 1] ?? '';
  });
  return new Html(text);
}

/** For constants of our own: style sheets and drawings. Never for anything that came from outside. */
export function raw(text: string): Html {
  return new Html(text);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

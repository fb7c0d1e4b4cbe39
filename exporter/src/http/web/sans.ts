/** Names in a certificate (subjectAltName), as Go writes them. */
import { isIPv6 } from 'node:net';

const KINDS = new Set(['DNS', 'email', 'IP Address', 'URI']);

/**
 * @param text `X509Certificate.subjectAltName`: `DNS:a.example, URI:spiffe://b`. Node puts a value that holds a comma
 *   or a quote into quotes as JSON, so that no value can pass for two.
 */
export function subjectNames(text: string | undefined): readonly string[] {
  const names: string[] = [];
  for (const [, kind = '', value = ''] of (text ?? '').matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
    if (KINDS.has(kind)) names.push(plain(value.startsWith('"') ? String(JSON.parse(value)) : value));
  }
  return names;
}

export function isAllowed(text: string | undefined, allowed: readonly string[]): boolean {
  const wanted = new Set(allowed.map(plain));
  return subjectNames(text).some((name) => wanted.has(name));
}

/** IPv6 in its short form, however it was written. */
function plain(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]/`).hostname.slice(1, -1) : name;
}

/** Where a model is loaded from. */
import { createHash } from 'node:crypto';
import { MAX_TEXT } from './fields';

const DIGEST = /@[a-z0-9]+:[0-9a-f]{32,}$/i;

/**
 * A URI can carry a password or a signed query. A password that nobody escaped can hold any character, `/` and `?` too:
 * so nothing before the last `@` is kept, but for that of a digest. Where the end itself is in doubt, the scheme alone is.
 */
export function withoutSecrets(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const [scheme = ''] = /^[a-z0-9+.-]+:\/\//i.exec(uri) ?? [];
  const [path = ''] = uri.slice(scheme.length).split(/[?#]/, 1);
  const query = uri.slice(scheme.length + path.length);
  if (query.includes('@') || uri.length >= MAX_TEXT) return scheme || undefined;
  const [digest = ''] = DIGEST.exec(path) ?? [];
  const place = path.slice(0, path.length - digest.length);
  return `${scheme}${place.slice(place.lastIndexOf('@') + 1)}${digest}`;
}

/** Settings of rclone before the path, as Seldon passes them on; they may hold a key, and then its hash would be told. */
const RCLONE_SETTINGS = /^[^/]*=/;

/** First 12 digits of the SHA-256 of a URI: tells one from another, and nothing else. A token that is renewed is no other. */
export function storageHash(uri: string | undefined): string | undefined {
  const shown = withoutSecrets(uri);
  return shown === undefined || RCLONE_SETTINGS.test(shown)
    ? undefined
    : createHash('sha256').update(shown).digest('hex').slice(0, 12);
}

/** Of a URI what may be shown, and what tells it from others. */
export function storedAt(uri: string | undefined) {
  return { storageUri: withoutSecrets(uri), storageHash: storageHash(uri) };
}

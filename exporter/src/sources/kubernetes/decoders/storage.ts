/** Where a model is loaded from. */
import { createHash } from 'node:crypto';
import { withoutSecrets as shownOf } from '../../../domain/storage-uri';
import { MAX_TEXT } from './fields';

/** What may be shown of it. */
export function withoutSecrets(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : shownOf(uri, uri.length >= MAX_TEXT);
}

/** First 12 digits of the SHA-256 of a URI: tells one from another, and nothing else. A token that is renewed is no other. */
export function storageHash(uri: string | undefined): string | undefined {
  const shown = withoutSecrets(uri);
  return shown === undefined ? undefined : createHash('sha256').update(shown).digest('hex').slice(0, 12);
}

/** Of a URI what may be shown, and what tells it from others. */
export function storedAt(uri: string | undefined) {
  return { storageUri: withoutSecrets(uri), storageHash: storageHash(uri) };
}

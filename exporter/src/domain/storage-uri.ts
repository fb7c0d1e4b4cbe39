/** What may be shown of a place that a model is loaded from. */

const DIGEST = /@[a-z0-9]+:[0-9a-f]{32,}$/i;
/** Settings of rclone before the path, as Seldon passes them on; they may hold a key. */
const RCLONE_SETTINGS = /^[^/]*=/;

/**
 * A URI can carry a password or a signed query. A password that nobody escaped can hold any character, `/` and `?` too:
 * so nothing before the last `@` is kept, but for that of a digest. Where the end itself is in doubt, the scheme alone is.
 *
 * @param isCut its end may be missing
 */
export function withoutSecrets(uri: string, isCut = false): string | undefined {
  const [scheme = ''] = /^[a-z0-9+.-]+:\/\//i.exec(uri) ?? [];
  const [path = ''] = uri.slice(scheme.length).split(/[?#]/, 1);
  const query = uri.slice(scheme.length + path.length);
  if (query.includes('@') || isCut) return scheme || undefined;
  const [digest = ''] = DIGEST.exec(path) ?? [];
  const place = path.slice(0, path.length - digest.length);
  const shown = `${scheme}${place.slice(place.lastIndexOf('@') + 1)}${digest}`;
  return RCLONE_SETTINGS.test(shown) ? undefined : shown;
}

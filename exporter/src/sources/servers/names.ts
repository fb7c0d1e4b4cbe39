/** Names of models as servers know them and as users know them. */

/** Seldon Core 2 loads version n of a model as `<model>_<n>`: the last suffix is the version. */
const VERSIONED = /^(.+)_(\d+)$/s;

export interface ModelName {
  readonly model: string;
  readonly version: string;
}

/** What servers say of a version where there is none: MLServer when the request named none, BentoML of a service unpacked. */
const NO_VERSION: readonly (string | undefined)[] = [undefined, 'None', 'not available'];

/**
 * @param version what the server says
 * @param versionSuffix the server's name for the model carries its version
 */
export function modelName(name: string, version: string | undefined, versionSuffix: boolean): ModelName {
  const match = versionSuffix ? VERSIONED.exec(name) : null;
  if (match?.[1] !== undefined && match[2] !== undefined) return { model: match[1], version: match[2] };
  return { model: name, version: NO_VERSION.includes(version) ? '' : (version ?? '') };
}

/** Names become label values and parts of identities. */
export function isModelName(name: unknown): name is string {
  // eslint-disable-next-line no-control-regex -- refusing control characters is the point
  return typeof name === 'string' && name !== '' && name.length <= 253 && !/[/\u0000-\u001f\u007f]/.test(name);
}

/** `org/model`, or the path of a file: what follows the last slash. */
export function lastSegment(id: string): string {
  return id.slice(id.replace(/\/+$/, '').lastIndexOf('/') + 1).replace(/\/+$/, '');
}

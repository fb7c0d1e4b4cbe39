/**
 * One copy of what many objects say alike: the pods of a server have the same containers, labels and states, and a
 * hundred thousand copies of them would be most of the memory.
 */

/** Objects come in order of namespace and name, so equal parts come close together: a small memory finds nearly all. */
const MAX_SHARED = 4_096;

let shared = new Map<string, unknown>();

/** An equal value that was seen before, or this one. What is given must be plain JSON and never be changed. */
export function share<T extends object>(value: T): T {
  const key = JSON.stringify(value);
  const known = shared.get(key);
  // Equal text is an equal value: whatever was put in under this key has the shape of T.
  if (known !== undefined) return known as T;
  if (shared.size >= MAX_SHARED) shared = new Map();
  shared.set(key, value);
  return value;
}

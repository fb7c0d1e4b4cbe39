/**
 * Order of resourceVersions. Kubernetes lets clients compare them within one resource type when both are decimal numbers
 * without leading zeros (KEP-5504, comparable resource versions; every API server on etcd writes them so); anything else
 * is opaque and only tells equal from different.
 */
const COMPARABLE = /^(0|[1-9]\d*)$/;

/** Whether `a` is certainly older than `b`. False when they cannot be compared. */
export function isOlder(a: string, b: string): boolean {
  const older = a.length === b.length ? a < b : a.length < b.length;
  return older && COMPARABLE.test(a) && COMPARABLE.test(b);
}

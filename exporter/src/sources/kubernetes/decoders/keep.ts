/**
 * Which labels and annotations of an object are kept. The code reads a few; users may ask for more as labels of a metric.
 * All others are dropped where they come in: at 100,000 objects they would be most of the memory.
 */
import { cutLabel } from '../../../domain/label';
import { DEFAULT_OWNERSHIP } from '../../../domain/ownership';
import type { Fields } from './fields';
import type { ShownMeta } from '../../../domain/resources';

/** What the code reads: identity, version, owner and how a server is asked. A `/` at the end: all that begin so. */
const READ_BY_CODE = [
  'app.kubernetes.io/',
  'app',
  'component',
  'kserve.io/',
  // Components: KServe's and Seldon's operators, Strimzi's brokers.
  'control-plane',
  'strimzi.io/',
  'seldon-server-name',
  'serving.kserve.io/',
  'serving.knative.dev/',
  'llm-d.ai/',
  'leaderworkerset.sigs.k8s.io/',
  'prometheus.kserve.io/',
  'modelwatch.io/',
];
/** kubectl keeps a copy of the whole object in this one. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export interface KeepOptions {
  /** Names to show; `*` at the end stands for anything. */
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  /** Names that the configuration makes the code read: those of owners, and those by which pods are known. */
  readonly read: readonly string[];
}

export interface Keep {
  /** For the code. */
  readonly read: (name: string) => boolean;
  /** For users; `undefined` when they asked for nothing or the object has none of it. */
  readonly shown: (metadata: Fields) => ShownMeta | undefined;
}

/** Most labels of one object that become labels of a metric. */
const MAX_SHOWN = 32;

function createKeep(options: KeepOptions): Keep {
  const configured = new Set(options.read);
  const lists = [
    { key: 'labels', prefix: 'label_', allowed: allowList(options.labels) },
    { key: 'annotations', prefix: 'annotation_', allowed: allowList(options.annotations) },
  ] as const;
  return {
    read: (name) =>
      configured.has(name) || READ_BY_CODE.some((read) => (read.endsWith('/') ? name.startsWith(read) : name === read)),
    shown: (metadata) => {
      const out: { labels?: Record<string, string>; annotations?: Record<string, string> } = {};
      for (const { key, prefix, allowed } of lists) {
        if (!allowed) continue;
        const found = metadata.textMap(key, (name) => name !== LAST_APPLIED && allowed(name));
        const over = Object.keys(found).length - MAX_SHOWN;
        if (over > 0) metadata.over(key, `at most ${MAX_SHOWN} that are shown, got ${MAX_SHOWN + over}`);
        const labels = metricLabels(found, prefix);
        if (Object.keys(labels).length > 0) out[key] = labels;
      }
      return Object.keys(out).length > 0 ? out : undefined;
    },
  };
}

/** What the configuration asks to keep. */
export function keepOf(options: {
  readonly labels?: readonly string[];
  readonly annotations?: readonly string[];
  readonly ownerKeys?: readonly string[];
  readonly importanceKeys?: readonly string[];
  readonly podLabels?: readonly string[];
}): Keep {
  const { ownerKeys, importanceKeys } = { ...DEFAULT_OWNERSHIP, ...options };
  return createKeep({
    labels: options.labels ?? [],
    annotations: options.annotations ?? [],
    read: [...ownerKeys, ...importanceKeys, ...(options.podLabels ?? [])],
  });
}

export const KEEP_LITTLE: Keep = keepOf({});

function allowList(patterns: readonly string[]): ((name: string) => boolean) | undefined {
  if (patterns.length === 0) return undefined;
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/**
 * Names as Prometheus takes them. Names that become one (`a-b`, `a.b`) get `_conflict1`, `_conflict2` in their order, all
 * of them, so that none changes its meaning when another one comes first.
 */
export function metricLabels(found: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  const names = Object.keys(found).sort().slice(0, MAX_SHOWN);
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const label = `${prefix}${name.replace(/[^a-zA-Z0-9_]/g, '_')}`;
    groups.set(label, [...(groups.get(label) ?? []), name]);
  }
  const out: Record<string, string> = {};
  const put = (label: string, name: string) => {
    out[label] = cutLabel(found[name] ?? '');
  };
  for (const [label, [only, ...others]] of groups) if (only !== undefined && others.length === 0) put(label, only);
  for (const [label, group] of groups) {
    if (group.length === 1) continue;
    let number = 0;
    for (const name of group) {
      do number += 1;
      while (`${label}_conflict${number}` in out);
      put(`${label}_conflict${number}`, name);
    }
  }
  return out;
}

/** Names for a fleet larger than the default one: believable, unlike each other, and the same for a place in the list. */

const TEAMS = [
  'pricing',
  'search',
  'catalogue',
  'ads',
  'credit',
  'content',
  'identity',
  'warehouse',
  'insurance',
  'finance',
  'claims',
  'energy',
  'travel',
  'mobility',
  'loyalty',
  'procurement',
  'security',
  'compliance',
  'telemetry',
  'recruiting',
  'kitchen',
  'grocery',
  'fashion',
  'media',
] as const;

const SUBJECTS = [
  'basket',
  'price',
  'query',
  'session',
  'invoice',
  'address',
  'review',
  'photo',
  'meter',
  'vehicle',
  'stock',
  'coupon',
  'refund',
  'policy',
  'supplier',
  'tenant',
  'device',
  'click',
  'order',
  'shift',
  'battery',
  'fare',
  'menu',
  'size',
  'parking',
] as const;

const TASKS = [
  'scorer',
  'ranker',
  'forecast',
  'classifier',
  'embedder',
  'matcher',
  'anomaly',
  'risk',
  'router',
  'extractor',
  'tagger',
  'elasticity',
  'propensity',
  'detector',
  'dedupe',
  'vision',
  'intent',
  'summary',
  'eta',
  'quality',
] as const;

/** How many generated models share a namespace. */
const MODELS_PER_NAMESPACE = 40;

export function generatedName(index: number): { readonly namespace: string; readonly name: string } {
  const group = Math.floor(index / MODELS_PER_NAMESPACE);
  const place = index % MODELS_PER_NAMESPACE;
  const team = TEAMS[group % TEAMS.length] ?? TEAMS[0];
  const round = Math.floor(group / TEAMS.length);
  // 7 and 11 have no common divisor with the lengths of the lists, so a namespace never repeats a pair.
  const subject = SUBJECTS[(place * 7 + group * 3) % SUBJECTS.length] ?? SUBJECTS[0];
  const task = TASKS[(place * 11 + Math.floor(place / TASKS.length) + group) % TASKS.length] ?? TASKS[0];
  return { namespace: round === 0 ? team : `${team}-${round + 1}`, name: `${subject}-${task}` };
}

/** The tables of docs/servers.md, as the tables of the contract say them: their name, our series, and what is done to it. */
import {
  INFERENCE_CAPABILITIES,
  INFERENCE_HISTOGRAMS,
  INFERENCE_NUMBERS,
  KSERVE_TRANSLATION,
  LLAMACPP_TRANSLATION,
  METRICS,
  MLSERVER_TRANSLATION,
  QUEUE_PROXY_TRANSLATION,
  REPLICA_NUMBERS,
  SELDON_AGENT_REPLICA,
  SELDON_AGENT_TRANSLATION,
  TFSERVING_TRANSLATION,
  TORCHSERVE_TRANSLATION,
  TRITON_TRANSLATION,
  VLLM_TRANSLATION,
  type ByLabel,
  type FamilyTranslation,
  type ServerTranslation,
  type TranslationTarget,
} from '../../contract/src';

/** By the heading of their section. */
export const TABLES: Readonly<Record<string, ServerTranslation>> = {
  MLServer: MLSERVER_TRANSLATION,
  Triton: TRITON_TRANSLATION,
  "KServe's Python server": KSERVE_TRANSLATION,
  vLLM: VLLM_TRANSLATION,
  'llama.cpp server': LLAMACPP_TRANSLATION,
  TorchServe: TORCHSERVE_TRANSLATION,
  'TensorFlow Serving': TFSERVING_TRANSLATION,
  'Agent of Seldon Core 2': SELDON_AGENT_TRANSLATION,
  "Knative's queue-proxy": QUEUE_PROXY_TRANSLATION,
};

/** Rows of the table of one kind of server; those of engines inside it only where they are its own. */
export function rowsOf(table: ServerTranslation): string[] {
  const engines = (table.engines ?? []).flatMap(({ families }) => families);
  const own = engines.filter(({ family }) => !family.startsWith('vllm:'));
  const families = [...table.families, ...own].flatMap((one) => one.to.map((target) => rowOf(one, target)));
  const differences = (table.differences ?? []).map(({ of, less, to }) => {
    const theirs = `${of.map(code).join(' + ')} - ${less.map(code).join(' - ')}`;
    return `| ${theirs} | ${ours('requests' in to ? to : { histogram: to.histogram, part: to.part })} |`;
  });
  const ofReplica = table === SELDON_AGENT_TRANSLATION ? SELDON_AGENT_REPLICA : [];
  const replica = ofReplica.map(({ family, number, combine }) => {
    const how = combine === 'count_positive' ? ', how many are above 0' : '';
    return `| ${code(family)}${how} | ${code(REPLICA_NUMBERS[number].name)} |`;
  });
  return [...new Set([...families, ...differences, ...replica])];
}

/** What is absent for its models. */
export function cannotSay(table: ServerTranslation): string {
  const missing = INFERENCE_CAPABILITIES.filter((one) => !table.capabilities.includes(one));
  return `Cannot say: ${missing.map(code).join(', ')}.`;
}

function rowOf({ family, scale, where = {} }: FamilyTranslation, target: TranslationTarget): string {
  const only = Object.entries(where).map(([label, values]) =>
    values.length > 3
      ? `, where \`${label}\` is a path of inference`
      : `, where \`${label}\` is ${values.map(code).join(', ')}`
  );
  const unit = scale === undefined ? '' : `, × ${scale}`;
  return `| ${code(family)}${only.join('')} | ${ours(target)}${unit} |`;
}

function ours(target: TranslationTarget): string {
  if ('requests' in target) return named(METRICS.inferenceRequests.name, 'outcome', target.requests);
  if ('responses' in target) {
    const { name } = METRICS.inferenceResponses;
    return target.responses === 'counted'
      ? `${code(name)}, 0 where there were none`
      : named(name, 'code', target.responses);
  }
  if ('counted' in target) return `${code(METRICS.inferenceRequests.name)}, 0 where there were none`;
  if ('tokens' in target) return named(METRICS.inferenceTokens.name, 'direction', target.tokens);
  if ('finished' in target) return named(METRICS.inferenceFinished.name, 'reason', target.finished);
  if ('histogram' in target) {
    return code(`${INFERENCE_HISTOGRAMS[target.histogram].name}${target.part === undefined ? '' : `_${target.part}`}`);
  }
  if ('number' in target) return code(INFERENCE_NUMBERS[target.number].name);
  return code(METRICS.inferenceAdapter.name);
}

function named(metric: string, label: string, value: string | ByLabel<string>): string {
  if (typeof value === 'string') return code(`${metric}{${label}="${value}"}`);
  const groups = new Map<string, string[]>();
  const add = (theirs: string, word: string) => groups.set(word, [...(groups.get(word) ?? []), theirs]);
  for (const [first, word] of Object.entries(value.classes ?? {})) add(`${first}xx`, word);
  for (const [theirs, word] of Object.entries(value.values)) add(theirs, word);
  if (value.otherwise !== undefined) add('any other', value.otherwise);
  const words = [...groups].map(([word, theirs]) => `\`${word}\` for ${theirs.join(', ')}`);
  return `${code(metric)}, ${label} by \`${value.label}\`: ${words.join('; ')}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

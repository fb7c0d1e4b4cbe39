/**
 * The prediction log: what a model answered, and what it was asked as far as its owner lets it out. Off until two say so,
 * whoever runs the exporter (`eventLog.predictions.enabled`) and the settings of the model (`predictionLog`).
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MASKED } from '@modelwatch/contract';
import { scalarOf } from './domain/accuracy/record';
import { treatmentOf } from './domain/exploration/settings';
import type { PredictionLogSettings } from './domain/prediction-log';
import type { EventSink } from './log/events/types';
import type { ReadEvent } from './sources/events/texts';

export interface PredictionLogConfig {
  readonly enabled: boolean;
  readonly hashKeyFile?: string | undefined;
}

export interface PredictionLog {
  /** A prediction was counted. Never throws. */
  took(event: ReadEvent, settings: PredictionLogSettings | undefined): void;
}

export interface PredictionLogDeps {
  readonly sink: EventSink;
  readonly config: () => PredictionLogConfig;
  /** Of this process: what has no id of its own is told apart by it. */
  readonly host: string;
  readonly nowSeconds: () => number;
  /** From 0 to below 1: which predictions are logged, where it is a share of them. */
  readonly random: () => number;
  /** The key for hashes cannot be read: what was to be hashed is masked. Told once for each file. */
  readonly onNoKey: (problem: string) => void;
}

export function createPredictionLog(deps: PredictionLogDeps): PredictionLog {
  const startedSeconds = deps.nowSeconds();
  let count = 0;
  let key: { readonly file: string; readonly secret: string | undefined } | undefined;

  /** Read once: another key would give the same value another hash. */
  function secret(): string | undefined {
    const { hashKeyFile } = deps.config();
    if (hashKeyFile === undefined) return undefined;
    if (key?.file !== hashKeyFile) key = { file: hashKeyFile, secret: read(hashKeyFile) };
    return key.secret;
  }

  function read(file: string): string | undefined {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text.length >= 16) return text;
      deps.onNoKey(`${file}: expected at least 16 characters`);
    } catch (error) {
      deps.onNoKey(`${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
    }
    return undefined;
  }

  return {
    took(event, settings) {
      if (!settings?.enabled || !deps.config().enabled) return;
      if (deps.random() >= (settings.sampleRatio ?? 1)) return;
      const { namespace, model, id, version = '', consumer, score } = event;
      const now = deps.nowSeconds();
      const output = scalarOf(event.prediction);
      deps.sink.write({
        ...{ kind: 'prediction', type: 'info', action: 'prediction', namespace, model },
        atSeconds: Math.min(event.timeSeconds ?? now, now),
        identity: id === undefined ? [deps.host, startedSeconds, ++count] : [version, id],
        text: `${namespace}/${model} answered`,
        details: {
          prediction: {
            ...(id === undefined ? {} : { id }),
            ...(version === '' ? {} : { version }),
            ...(consumer === undefined ? {} : { consumer }),
            ...(output === undefined ? {} : { output: String(output) }),
            ...(score === undefined ? {} : { score }),
            input: inputOf(event.features, settings, secret),
          },
        },
      });
    },
  };
}

/** A missing value shows as missing, whatever is done with others. */
function inputOf(
  features: ReadEvent['features'],
  settings: PredictionLogSettings,
  secret: () => string | undefined
): Record<string, string | number | boolean | null> {
  const shown: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(features)) {
    const treatment = treatmentOf(settings, name);
    if (treatment === 'dropped') continue;
    const scalar = value === null || value === undefined ? null : scalarOf(value);
    if (scalar === undefined) continue;
    if (scalar === null) shown[name] = null;
    else if (settings.hashed?.includes(name)) shown[name] = hashOf(String(scalar), secret());
    else shown[name] = treatment === 'masked' ? MASKED : scalar;
  }
  return shown;
}

/** With a key: whoever has the log could find mail addresses by trying them, were it without. */
function hashOf(text: string, secret: string | undefined): string {
  if (secret === undefined) return MASKED;
  return createHmac('sha256', secret).update(text).digest('hex').slice(0, 32);
}

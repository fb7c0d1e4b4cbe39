/** Recorded requests that the exporter sends to models, and whether they answer as they should. */
import { family, MODEL } from './family';

export const SYNTHETIC = [...MODEL, 'probe'] as const;

export const SYNTHETIC_METRICS = {
  syntheticProbes: family(
    'synthetic_probes_total',
    'counter',
    [...SYNTHETIC, 'outcome'],
    'Synthetic inference requests by outcome. A success is an answer in time that is as it was expected.'
  ),
  syntheticFailures: family(
    'synthetic_probe_failures_total',
    'counter',
    [...SYNTHETIC, 'cause'],
    'Failed synthetic inference requests by cause; only causes that occurred.'
  ),
  syntheticDuration: family(
    'synthetic_probe_duration_seconds',
    'histogram',
    SYNTHETIC,
    'Duration of synthetic inference requests that were answered.'
  ),
  syntheticSuccess: family(
    'synthetic_probe_success',
    'gauge',
    SYNTHETIC,
    '1 if the last synthetic inference request succeeded; absent when there was none for four intervals.'
  ),
  syntheticLastProbe: family(
    'synthetic_last_probe_timestamp_seconds',
    'gauge',
    SYNTHETIC,
    'When the last synthetic inference request ended.'
  ),
} as const;

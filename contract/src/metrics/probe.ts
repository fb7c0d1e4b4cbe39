/** What GET /probe says of the one server that it asked, beside the families of endpoints and requests. Not in /metrics. */
import { family } from './family';

export const PROBE_METRICS = {
  probeSuccess: family('probe_success', 'gauge', [], '1 if the server answered, is live and ready, else 0.'),
  probeDuration: family('probe_duration_seconds', 'gauge', [], 'How long the probe took, with reading the metrics.'),
  probeError: family('probe_error', 'gauge', ['cause'], 'Why the probe failed; absent when it did not. Always 1.'),
} as const;

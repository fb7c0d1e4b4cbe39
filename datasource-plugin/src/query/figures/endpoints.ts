/** Replicas of model servers, as probes found them. Read from the exporters: two of them may probe one replica. */
import { ENDPOINT_METRICS, type MetricFamily } from '@modelwatch/contract';
import { highest, type Figure, type FigureKindTable } from './figure';

const BY = ['cluster', 'namespace', 'server', 'replica'] as const;
/** Longer than four intervals of probes and scrapes. */
const WINDOW = '5m';

function state(family: MetricFamily, label: string, unit = 'bool_yes_no'): Figure {
  return {
    label,
    unit,
    by: BY,
    description: family.help,
    expr: (select) => `min by (${BY.join(', ')}) (${select(family.name)})`,
  };
}

const probes = (select: Parameters<Figure['expr']>[0], family: MetricFamily, matchers: readonly string[] = []) =>
  `rate(${select(family.name, { matchers, over: WINDOW })})`;

const FIGURES = {
  up: state(ENDPOINT_METRICS.endpointUp, 'Answers'),
  ready: state(ENDPOINT_METRICS.endpointReady, 'Ready'),
  probe_duration: {
    label: 'Duration of probes, mean',
    description: 'Mean duration of the probes over 5 minutes, successful or not.',
    unit: 's',
    by: BY,
    expr: (select) =>
      `sum by (${BY.join(', ')}) (${probes(select, ENDPOINT_METRICS.endpointProbeTime)})\n/\nsum by (${BY.join(', ')}) (${probes(select, ENDPOINT_METRICS.endpointProbes)})`,
  },
  probe_success: {
    label: 'Share of successful probes',
    description: 'Share of the probes over the time range that found a server that can serve.',
    unit: 'percentunit',
    by: BY,
    expr: (select) => {
      const increase = (matchers: readonly string[]) =>
        `sum by (${BY.join(', ')}) (increase(${select(ENDPOINT_METRICS.endpointProbes.name, { matchers, over: 'time range' })}))`;
      return `${increase(['outcome="success"'])}\n/\n${increase([])}`;
    },
  },
  probe_failures: {
    label: 'Failed probes per second by cause',
    description: 'Failed probes over 5 minutes, by cause.',
    unit: 'cps',
    by: [...BY, 'cause'],
    expr: (select) => highest([...BY, 'cause'], probes(select, ENDPOINT_METRICS.endpointProbeFailures)),
  },
} as const satisfies Record<string, Figure>;

export const ENDPOINTS: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Endpoints',
  description: 'Whether each replica of a model server answers, and how fast',
  figures: FIGURES,
  fallback: 'up',
  filters: ['cluster', 'namespace', 'server'],
  ofModels: false,
};

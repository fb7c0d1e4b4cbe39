/** Custom metrics that are over their limits, as Prometheus recorded them: the words for their channels. */
import {
  CUSTOM_SIDES,
  customSentence,
  decode,
  entityKey,
  MODEL_LABELS,
  RECORDED,
  type CustomSide,
  type DriftWindow,
} from '@modelwatch/contract';

const JUDGED = `${MODEL_LABELS}, metric`;
const OVER = `label_replace(${RECORDED.customMetricState.name}{state=~"warning|critical"}, "level", "$1", "state", "(.+)")`;

/** `metric` is a label of accuracy, too, with other values: here it has another name. */
function figure(expr: string, name: Figure): string {
  const renamed = `label_replace(label_replace(${expr}, "custom_metric", "$1", "metric", "(.+)"), "metric", "", "", "")`;
  return `label_replace(${renamed}, "custom", "${name}", "", "")`;
}

/** Value with its window, the limits of the state that it is in, and its baseline where there is one. */
export const CUSTOM_QUERY = `${figure(
  `(${RECORDED.customMetricValue.name} * on (${JUDGED}) group_left (window) ${RECORDED.customMetricInfo.name} and on (${JUDGED}) ${OVER})`,
  'value'
)}
or ${figure(`(${RECORDED.customMetricLimit.name} and on (${JUDGED}, level) ${OVER})`, 'limit')}
or ${figure(`(${RECORDED.customMetricBaseline.name} and on (${JUDGED}) ${OVER})`, 'baseline')}`;

const FIGURES = ['value', 'limit', 'baseline'] as const;
type Figure = (typeof FIGURES)[number];

/** The labels of such a sample, beside the window; of other samples none of them is there. */
export const CUSTOM_LABELS = {
  custom: decode.optional(decode.oneOf(FIGURES)),
  custom_metric: decode.optional(decode.string),
  side: decode.optional(decode.oneOf(CUSTOM_SIDES)),
};

interface Sample {
  readonly metric: {
    readonly namespace: string;
    readonly model: string;
    readonly custom?: Figure;
    readonly custom_metric?: string;
    readonly side?: CustomSide;
    readonly window?: DriftWindow;
  };
  readonly value: readonly [atSeconds: number, value: number];
}

interface Figures {
  value?: number;
  window?: DriftWindow | undefined;
  limits: Partial<Record<CustomSide, number>>;
  baseline?: number;
}

/** A sentence for each metric of which the value is known, by the key of its model and its channel. */
export function customTexts(samples: readonly Sample[]): Map<string, string> {
  const found = new Map<string, Figures & { readonly metric: string }>();
  for (const { metric: labels, value } of samples) {
    const { custom, custom_metric: metric, side, window } = labels;
    if (custom === undefined || metric === undefined) continue;
    const key = `${entityKey({ namespace: labels.namespace, name: labels.model })} custom:${metric}`;
    const figures = found.get(key) ?? { metric, limits: {} };
    found.set(key, figures);
    if (custom === 'limit' && side) figures.limits[side] = value[1];
    else if (custom === 'baseline') figures.baseline = value[1];
    else if (custom === 'value') Object.assign(figures, { value: value[1], window });
  }
  const texts = new Map<string, string>();
  for (const [key, { value, ...figures }] of found) {
    if (value !== undefined) texts.set(key, customSentence({ ...figures, value }));
  }
  return texts;
}

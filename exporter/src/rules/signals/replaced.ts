/** What runs under an unchanged name: an image behind its tag, a model behind its resource. */
import { ALERTS, METRICS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';
import { MODEL, orNone, withOwner } from '../alerts';
import { ID } from '../promql';
import type { AlertRule, RecordingRule } from '../types';

const DAY_SECONDS = 86_400;
/** As long as a name may be out of sight without being new, and a minute ago: what two scrapes tell is no change. */
const BEFORE = '[1h] offset 1m';
const IMAGE = 'cluster, namespace, server, container_name, image';

/**
 * When something was first seen under a name that stood for something else in the hour before. Reads what it recorded at
 * the evaluation before, so that a day needs no range of a day.
 *
 * @param changed names for which it is so now
 */
function changeRule(recorded: RecordedSeries, by: string, changed: string): RecordingRule {
  const { name } = recorded;
  return {
    record: name,
    expr: `(0 * group by (${by}) (${changed}) + time())
or on (${by})
(last_over_time(${name}[1h]) > time() - ${DAY_SECONDS})`,
  };
}

const known = ({ name }: MetricFamily, by: string) => `group by (${by}) (last_over_time(${name}${BEFORE}))`;

function imageRule(): RecordingRule {
  const family = METRICS.serverImageDigest;
  const ofDigest = `${IMAGE}, digest`;
  return changeRule(
    RECORDED.serverImageChanged,
    IMAGE,
    `${family.name} unless on (${ofDigest}) ${known(family, ofDigest)} and on (${IMAGE}) ${known(family, IMAGE)}`
  );
}

/** A resource that was deleted and created again begins at generation 1: nothing in it says that it was changed. */
function storageRule(): RecordingRule {
  const family = METRICS.modelStorage;
  const ofStorage = `${ID}, storage`;
  const generation = `max by (${ID}) (max_over_time(${family.name}${BEFORE}))`;
  return changeRule(
    RECORDED.modelStorageChanged,
    ID,
    `(${family.name} unless on (${ofStorage}) ${known(family, ofStorage)}) <= on (${ID}) group_left () ${generation}`
  );
}

export function replacedRules(): RecordingRule[] {
  return [imageRule(), storageRule()];
}

export function replacedAlerts(): AlertRule[] {
  return [
    {
      alert: ALERTS.imageChanged,
      condition: `group by (${IMAGE}) (${RECORDED.serverImageChanged.name})\nor 0 * group by (cluster) (${METRICS.exporterSynced.name})`,
      forSeconds: 0,
      severity: 'warning',
      summary: 'Another image runs under {{ $labels.image }} on {{ $labels.namespace }}/{{ $labels.server }}',
      description:
        'Within the last day pods of this server began to run an image of another digest, and the name of the image in their specification is the same: its tag was pushed again, by whoever that was.',
      panel: 'health',
    },
    {
      alert: ALERTS.storageChanged,
      condition: withOwner(orNone(`group by (${ID}) (${RECORDED.modelStorageChanged.name})`)),
      forSeconds: 0,
      severity: 'warning',
      summary: `${MODEL} is loaded from another place, without a new generation`,
      description:
        'Within the last day the resource of this model began to name another place to load it from, and its generation did not grow: it was deleted and created again, or changed past the API server.',
      panel: 'health',
    },
  ];
}

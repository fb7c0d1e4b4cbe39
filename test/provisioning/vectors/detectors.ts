/** Detectors that others run: alibi-detect's by two exporters, TrustyAI's of both of its services. One sample a minute. */
import { DETECTION_FRESH_SECONDS, RECORDED, type ChannelStatus, type DetectorState } from '@modelwatch/contract';
import { FLAGGED_DETECTORS_QUERY } from '../../../exporter/src/http/flagged-detectors';
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B, values } from './story';

const MODEL = 'namespace="ns", model="m"';
const KS = 'detector="ks", kind="drift", source="alibi-detect", method="KSDrift", feature="f"';

function detector(name: string, of: string, at: string): string {
  return `modelwatch_detector_${name}{${MODEL}, ${of}, ${at}}`;
}

/** Labels as Prometheus gives them back, in one order. */
function recorded(series: { readonly name: string }, labels: string): string {
  return `${series.name}{${MODEL}, ${labels}}`;
}

function is(state: DetectorState | undefined, at: string, of = KS): Expectation {
  const source = /source="([^"]+)"/.exec(of)?.[1];
  return {
    expr: `${RECORDED.detectorState.name}{source="${source}"}`,
    at,
    samples: state === undefined ? {} : { [recorded(RECORDED.detectorState, `${of}, state="${state}"`)]: 1 },
  };
}

function channelIs(status: ChannelStatus, at: string): Expectation {
  const name = RECORDED.modelChannel.name;
  return { expr: name, at, samples: { [`${name}{${MODEL}, channel="drift", status="${status}"}`]: 1 } };
}

const shown = (value: number | string, minutes: number) => `${value}x${minutes}`;
const trusty = (name: string, more: string) =>
  `trustyai_${name}{namespace="ns", ${more}, job="trustyai", instance="t"}`;
const ofTrusty = (method: string) =>
  `detector="trustyai", kind="drift", source="trustyai", method="${method}", feature="age"`;

export const DETECTOR_VECTORS: readonly RuleVector[] = [
  {
    name: 'a detector of two exporters is what the one says that heard of it last',
    input: {
      [detector('last_result_timestamp_seconds', KS, A)]: shown(60, 60),
      [detector('last_result_timestamp_seconds', KS, B)]: shown(120, 60),
      [detector('flagged', KS, A)]: shown(1, 60),
      [detector('flagged', KS, B)]: shown(0, 60),
      [detector('score', KS, A)]: shown(0.9, 60),
      [detector('score', KS, B)]: shown(0.1, 60),
      [detector('p_value', KS, A)]: shown(0.001, 60),
      [detector('p_value', KS, B)]: shown(0.4, 60),
      [`modelwatch_detector_threshold{${MODEL}, ${KS}, of="p_value", ${B}}`]: shown(0.05, 60),
      [`modelwatch_detector_results_total{${MODEL}, ${KS}, outcome="flagged", ${A}}`]: '0+1x60',
      [`modelwatch_detector_results_total{${MODEL}, ${KS}, outcome="clear", ${A}}`]: '0+1x60',
      [`modelwatch_detector_results_total{${MODEL}, ${KS}, outcome="clear", ${B}}`]: '0+2x60',
    },
    expect: [
      is('ok', '30m'),
      channelIs('ok', '30m'),
      { expr: RECORDED.detectorScore.name, at: '30m', samples: { [recorded(RECORDED.detectorScore, KS)]: 0.1 } },
      { expr: RECORDED.detectorPValue.name, at: '30m', samples: { [recorded(RECORDED.detectorPValue, KS)]: 0.4 } },
      {
        expr: RECORDED.detectorThreshold.name,
        at: '30m',
        samples: { [recorded(RECORDED.detectorThreshold, `${KS}, of="p_value"`)]: 0.05 },
      },
      {
        expr: RECORDED.detectorFlaggedRatio.name,
        at: '60m',
        samples: { [recorded(RECORDED.detectorFlaggedRatio, KS)]: 0.25 },
      },
    ],
  },
  {
    name: 'a detector that says drift is a warning, then stale when nothing more is heard, and when it is gone',
    input: {
      // A day old after an hour.
      [detector('last_result_timestamp_seconds', KS, A)]: values([
        [3600 - DETECTION_FRESH_SECONDS, 80],
        ['stale', 1],
      ]),
      [detector('flagged', KS, A)]: values([
        [1, 80],
        ['stale', 1],
      ]),
    },
    expect: [
      is('warning', '30m'),
      channelIs('warning', '30m'),
      is('stale', '70m'),
      channelIs('stale', '70m'),
      // A day after the last verdict nobody waits for it any more.
      is('stale', '100m'),
    ],
  },
  {
    name: "TrustyAI's tests are p-values, the worst of several requests, and not calm before there are rows",
    input: {
      [trusty('meanshift', 'model="m", subcategory="age", request="a"')]: shown(1, 60),
      [trusty('meanshift', 'model="m", subcategory="age", request="b"')]: values([
        [1, 30],
        [0.01, 30],
      ]),
      [trusty('model_observations_total', 'model="m"')]: values([
        [0, 15],
        [100, 45],
      ]),
    },
    expect: [
      is('too_little_data', '10m', ofTrusty('meanshift')),
      is('ok', '25m', ofTrusty('meanshift')),
      is('warning', '45m', ofTrusty('meanshift')),
      {
        expr: FLAGGED_DETECTORS_QUERY,
        at: '45m',
        samples: {
          [`{${MODEL}, detector="trustyai", detector_source="trustyai", detector_method="meanshift", detector_feature="age"}`]: 1,
        },
      },
      channelIs('warning', '45m'),
      {
        expr: RECORDED.detectorThreshold.name,
        at: '45m',
        samples: { [recorded(RECORDED.detectorThreshold, `${ofTrusty('meanshift')}, of="p_value"`)]: 0.05 },
      },
    ],
  },
  {
    name: "TrustyAI's newer service gives statistics under the same name, for which nobody tells a threshold",
    input: { [trusty('kstest', 'modelId="m", subcategory="age", request="a"')]: shown(0.01, 60) },
    expect: [
      {
        expr: RECORDED.detectorScore.name,
        at: '30m',
        samples: { [recorded(RECORDED.detectorScore, ofTrusty('kstest'))]: 0.01 },
      },
      { expr: RECORDED.detectorPValue.name, at: '30m', samples: {} },
      is(undefined, '30m', ofTrusty('kstest')),
    ],
  },
];

/** A day at one sample every four minutes. */
export const DETECTOR_DAY_INTERVAL_SECONDS = 240;
export const DETECTOR_DAY_VECTORS: readonly RuleVector[] = [
  {
    name: "TrustyAI's tests are stale when no row came for a day, and say nothing where nobody counts rows",
    input: {
      [trusty('meanshift', 'model="m", subcategory="age", request="a"')]: shown(1, 400),
      [trusty('model_observations_total', 'model="m"')]: values([
        [100, 15],
        [200, 370],
        [201, 5],
        ['stale', 1],
      ]),
    },
    expect: [
      is('ok', '48m', ofTrusty('meanshift')),
      is('ok', '1488m', ofTrusty('meanshift')),
      is('stale', '1520m', ofTrusty('meanshift')),
      channelIs('stale', '1520m'),
      is('ok', '1548m', ofTrusty('meanshift')),
      is('too_little_data', '1572m', ofTrusty('meanshift')),
    ],
  },
];

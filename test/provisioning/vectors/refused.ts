/** Requests that are refused: a sample each minute. */
import { ALERTS } from '@modelwatch/contract';
import type { AlertExpectation, RuleVector } from '../../support/promtool';

export const REFUSED_INTERVAL_SECONDS = 60;

const MODEL = 'namespace="ns", model="m"';
const KNOWN = {
  [`modelwatch:model_info{${MODEL}, platform="seldon", server="s", owner="risk"}`]: '1x30',
  [`modelwatch:model_channel{${MODEL}, channel="serving", status="ok"}`]: '1x30',
};
const requests = (replica: string) =>
  `modelwatch_inference_requests_total{${MODEL}, replica="${replica}", version="1", outcome="success", instance="a"}`;
const answers = (replica: string, code: string, exporter = 'a') =>
  `modelwatch_inference_responses_total{${MODEL}, replica="${replica}", version="1", code="${code}", instance="${exporter}"}`;
const pipeline = (method: string, code: string) =>
  `modelwatch_pipeline_responses_total{namespace="ns", pipeline="p", replica="e-0", method="${method}", code="${code}", instance="a"}`;

const RATIO = 'round(modelwatch:inference_refused_ratio:5m, 0.001)';
const silent = (at: string): AlertExpectation => ({ alert: ALERTS.refused, at, firing: [] });
const fires = (at: string, labels: Readonly<Record<string, string>>): AlertExpectation => ({
  alert: ALERTS.refused,
  at,
  firing: [{ labels: { namespace: 'ns', severity: 'warning', ...labels }, annotations: {} }],
});
const ofModel = { model: 'm', owner: 'risk' };

export const REFUSED_VECTORS: readonly RuleVector[] = [
  {
    name: 'one answer in ten refuses who asks, whatever the reason, over replicas and as two exporters say it',
    input: {
      ...KNOWN,
      [requests('s-0')]: '0+60x30',
      [requests('s-1')]: '0+60x30',
      [answers('s-0', '401')]: '0x10 0+2x20',
      [answers('s-0', '401', 'b')]: '0x10 0+2x20',
      [answers('s-0', '403')]: '0x10 0+4x20',
      [answers('s-0', '429')]: '0x30',
      [answers('s-0', 'other')]: '0+54x30',
      [answers('s-1', '429')]: '0x10 0+7x20',
      [answers('s-1', 'other')]: '0+53x30',
    },
    expect: [
      { expr: RATIO, at: '9m', samples: { [`{${MODEL}}`]: 0 } },
      { expr: RATIO, at: '20m', samples: { [`{${MODEL}}`]: 0.108 } },
    ],
    alerts: [silent('9m'), silent('15m'), fires('25m', ofModel)],
  },
  {
    name: 'nothing that is refused is 0, nothing that is told is nothing',
    input: { ...KNOWN, [requests('s-0')]: '0+60x30' },
    expect: [{ expr: 'modelwatch:inference_refused_ratio:5m', at: '20m', samples: {} }],
    alerts: [silent('20m')],
  },
  {
    name: 'what the proxy refuses never comes to a server that refuses nobody',
    input: {
      ...KNOWN,
      [requests('s-0')]: '0+60x30',
      [answers('s-0', '403')]: '0x30',
      [answers('s-0', 'other')]: '0+60x30',
      [answers('e-0', '403')]: '0+30x30',
      [answers('e-0', 'other')]: '0+60x30',
    },
    expect: [{ expr: RATIO, at: '10m', samples: { [`{${MODEL}}`]: 0.333 } }],
    alerts: [fires('15m', ofModel)],
  },
  {
    name: 'two refusals of a model that hardly anybody asks',
    input: { ...KNOWN, [answers('s-0', '403')]: '0+1x30', [answers('s-0', 'other')]: '0+3x30' },
    expect: [{ expr: RATIO, at: '10m', samples: { [`{${MODEL}}`]: 0.25 } }],
    alerts: [silent('20m')],
  },
  {
    name: 'a pipeline, by one of the ways into it',
    input: {
      ...KNOWN,
      [pipeline('rest', '429')]: '0+20x30',
      [pipeline('rest', 'other')]: '0+60x30',
      [pipeline('grpc', '429')]: '0x30',
      [pipeline('grpc', 'other')]: '0+900x30',
    },
    expect: [
      {
        expr: 'modelwatch:pipeline_refused_ratio:5m',
        at: '10m',
        samples: {
          'modelwatch:pipeline_refused_ratio:5m{namespace="ns", pipeline="p", method="rest"}': 0.25,
          'modelwatch:pipeline_refused_ratio:5m{namespace="ns", pipeline="p", method="grpc"}': 0,
        },
      },
    ],
    alerts: [fires('20m', { pipeline: 'p' })],
  },
];

/** Images and models that were replaced under their names: a sample each minute. */
import { ALERTS, type AlertName } from '@modelwatch/contract';
import type { AlertExpectation, RuleVector } from '../../support/promtool';

export const REPLACED_INTERVAL_SECONDS = 60;

const DAY = 1_440;
const MODEL = 'namespace="ns", model="m"';
const KNOWN = (steps: number) => ({
  [`modelwatch:model_info{${MODEL}, platform="seldon", server="s", owner="risk"}`]: `1x${steps}`,
  [`modelwatch:model_channel{${MODEL}, channel="serving", status="ok"}`]: `1x${steps}`,
});
const digest = (name: string, image = 'mlserver:1.7', exporter = 'a') =>
  `modelwatch_server_image_digest_info{namespace="ns", server="s", container_name="mlserver", image="${image}", digest="${name}", instance="${exporter}"}`;
const storage = (name: string) => `modelwatch_model_storage_generation{${MODEL}, storage="${name}", instance="a"}`;

const silent = (alert: AlertName, at: string): AlertExpectation => ({ alert, at, firing: [] });
const imageFires = (at: string): AlertExpectation => ({
  alert: ALERTS.imageChanged,
  at,
  firing: [
    {
      labels: {
        namespace: 'ns',
        server: 's',
        container_name: 'mlserver',
        image: 'mlserver:1.7',
        severity: 'warning',
      },
      annotations: {},
    },
  ],
});
const storageFires = (at: string): AlertExpectation => ({
  alert: ALERTS.storageChanged,
  at,
  firing: [{ labels: { namespace: 'ns', model: 'm', owner: 'risk', severity: 'warning' }, annotations: {} }],
});

export const REPLACED_VECTORS: readonly RuleVector[] = [
  {
    name: 'another digest under the name of an image, as two exporters tell it, for a day',
    input: {
      [digest('aaa')]: '1x60 stale',
      [digest('aaa', 'mlserver:1.7', 'b')]: '1x61 stale',
      [digest('bbb')]: `_x61 1x${DAY + 30}`,
      [digest('bbb', 'mlserver:1.7', 'b')]: `_x62 1x${DAY + 30}`,
    },
    alerts: [
      silent(ALERTS.imageChanged, '60m'),
      imageFires('61m'),
      imageFires('1500m'),
      silent(ALERTS.imageChanged, '1510m'),
    ],
  },
  {
    name: 'another image, which the specification names',
    input: { [digest('aaa')]: '1x60 stale', [digest('bbb', 'mlserver:1.8')]: `_x60 1x60` },
    alerts: [silent(ALERTS.imageChanged, '61m'), silent(ALERTS.imageChanged, '90m')],
  },
  {
    name: 'an exporter that begins anew, and is gone for half an hour',
    input: { [digest('aaa')]: '1x30 stale _x30 1x60', [storage('s1')]: '3x30 stale _x30 3x60' },
    alerts: [silent(ALERTS.imageChanged, '62m'), silent(ALERTS.storageChanged, '62m')],
  },
  {
    name: 'one digest of two that are both there, and come and go',
    input: { [digest('aaa')]: '1x120', [digest('bbb')]: '1x30 _x20 1x69' },
    alerts: [silent(ALERTS.imageChanged, '20m'), silent(ALERTS.imageChanged, '60m')],
  },
  {
    name: 'a model that is deleted and created again with another place',
    input: { ...KNOWN(120), [storage('s1')]: '3x60 stale', [storage('s2')]: '_x61 1x60' },
    alerts: [silent(ALERTS.storageChanged, '60m'), storageFires('61m'), storageFires('110m')],
  },
  {
    name: 'a deployment, which raises the generation',
    input: { ...KNOWN(120), [storage('s1')]: '3x60 stale', [storage('s2')]: '_x61 4x60' },
    alerts: [silent(ALERTS.storageChanged, '61m'), silent(ALERTS.storageChanged, '110m')],
  },
  {
    name: 'the same place again, by a rollback or a new resource',
    input: { ...KNOWN(120), [storage('s1')]: '3x60 1x60' },
    alerts: [silent(ALERTS.storageChanged, '61m'), silent(ALERTS.storageChanged, '110m')],
  },
];

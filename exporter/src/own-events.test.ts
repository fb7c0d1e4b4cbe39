import { NO_MONITORING, monitoringOf, type MonitoringInput, type SettingsEntry } from './domain/events/monitoring-book';
import type { Snapshot } from './domain/fleet-interface';
import { categoricalFeature, referenceOf } from './domain/testing/references';
import type { LoggedEvent } from './log/events/types';
import { createOwnEvents } from './own-events';
import { readSloText } from './slo-document';

const NOW = 1_200;

function listening(nowSeconds = NOW) {
  const events: LoggedEvent[] = [];
  const own = createOwnEvents({ write: (event) => void events.push(event) }, () => nowSeconds);
  /** What was said since the last time. */
  const said = () => events.splice(0).map(({ text }) => text);
  return { own, events, said };
}

const INPUT: MonitoringInput = {
  ...{ references: [], defaults: [], settings: [], seriesPerModel: 1_000, joins: false, problems: [] },
};
const reference = (id: string) => ({
  ...({ source: 'files', place: 'file r.json', namespace: 'shop', model: 'risk' } as const),
  loaded: {
    reference: { ...referenceOf({ features: [categoricalFeature('c', { a: 90, b: 10 })] }), id },
    atSeconds: 0,
  },
});
const settings = (minimumRows: number): SettingsEntry => ({
  ...{ source: 'configmaps', origin: 'configmap shop/risk', namespace: 'shop', model: 'risk' },
  given: { minimumRows },
});

describe('what the exporter sees by itself', () => {
  it('is told when a model is compared with another reference, and not what was there before', () => {
    const { own, said, events } = listening();
    const reads = (...references: ReturnType<typeof reference>[]) =>
      own.monitoring(monitoringOf({ ...INPUT, references }));
    reads(reference('a'));
    expect(said()).toEqual([]);
    reads(reference('b'));
    expect(events).toMatchObject([{ kind: 'references', action: 'reference-changed', from: 'a', to: 'b' }]);
    expect(said()).toEqual(['shop/risk is compared with reference b']);
    reads();
    expect(said()).toEqual(['shop/risk is compared with none']);
  });

  it('is told when somebody sets something of a model, with a hash and no value', () => {
    const { own, said, events } = listening();
    own.monitoring(NO_MONITORING);
    // A reference alone is no setting of anybody.
    own.monitoring(monitoringOf({ ...INPUT, references: [reference('a')] }));
    expect(said()).toEqual(['shop/risk is compared with reference a']);
    own.monitoring(monitoringOf({ ...INPUT, references: [reference('a')], settings: [settings(4_711)] }));
    expect(events).toMatchObject([
      { kind: 'configuration', action: 'settings-added', namespace: 'shop', model: 'risk' },
    ]);
    expect(JSON.stringify(events)).not.toContain('4711');
    own.monitoring(monitoringOf({ ...INPUT, references: [reference('a')], settings: [settings(4_712)] }));
    own.monitoring(monitoringOf({ ...INPUT, references: [reference('a')] }));
    expect(said()).toEqual(['added', 'changed', 'removed'].map((verb) => `Settings of shop/risk: ${verb}`));
  });

  it('is told when an objective is another one, by its document, and not when it only moved there', () => {
    const { own, said, events } = listening();
    const reads = (text: string) => own.objectives(readSloText(text, 'configmap shop/slo slo.yaml', 'shop'));
    const slo = (name: string, objective: number) =>
      `  - { name: ${name}, indicator: availability, objective: ${objective} }\n`;
    reads(`slos:\n${slo('a', 0.9)}`);
    reads(`slos:\n\n${slo('b', 0.9)}${slo('a', 0.9)}`);
    expect(events).toMatchObject([{ action: 'objective-added', namespace: 'shop', subject: 'b' }]);
    expect(said()).toEqual(['Objective b of configmap shop/slo slo.yaml: added']);
    reads(`slos:\n${slo('a', 0.99)}`);
    expect(said().sort()).toEqual([
      'Objective a of configmap shop/slo slo.yaml: changed',
      'Objective b of configmap shop/slo slo.yaml: removed',
    ]);
  });

  it('is the same event of two exporters that read it within minutes', () => {
    const of = (nowSeconds: number) => {
      const { own, events } = listening(nowSeconds);
      own.objectives([]);
      own.objectives(readSloText('slos:\n  - { name: a, indicator: availability, objective: 0.9 }\n', 'slo.yaml'));
      return events[0]?.identity;
    };
    expect(of(NOW)).toEqual(of(NOW + 300));
    expect(of(NOW)).not.toEqual(of(NOW + 900));
  });

  it('is told when the serving state of a model is another one, once all is known', () => {
    const { own, said } = listening();
    const sees = (state: string, { synced = true, platform = 'kserve' } = {}) => {
      const verdict = { state, reasons: [] };
      const models = new Map([['m', { namespace: 'shop', name: 'risk', platform, verdict }]]);
      own.fleet({ models, synced } as unknown as Snapshot);
    };
    sees('serving');
    sees('failed', { synced: false });
    expect(said()).toEqual([]);
    sees('failed');
    expect(said()).toEqual(['shop/risk is failed (serving), was serving']);
    sees('serving', { platform: 'events' });
    expect(said()).toEqual([]);
  });
});

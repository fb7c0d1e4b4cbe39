import { entityKey, type SourceState } from '@modelwatch/contract';
import { fleetOf, verdictOf } from './testing/fleets';
import type { ResourceKind } from './resources';
import type { Fleet } from './fleet-interface';
import {
  NOW,
  applied,
  condition,
  inferenceGraph,
  inferenceService,
  predictor,
  seldonExperiment,
  seldonModel,
  seldonPipeline,
  sourceStatus,
  status,
} from './testing/builders';

describe('what rests on models', () => {
  const good = applied(seldonModel('good', 'ModelAvailable', { availableReplicas: 1 }));
  const bad = applied(seldonModel('bad', 'ModelFailed'));
  const pipelineVerdict = (fleet: Fleet, name = 'flow') => {
    const view = fleet.snapshot().pipelines.get(entityKey({ namespace: 'payments', name }));
    return view ? verdictOf(view) : 'none';
  };

  it('degrades a pipeline with a broken step, fails one without a working step, and follows changes', () => {
    const fleet = fleetOf([good, bad, applied(seldonPipeline('flow', ['good', 'bad'])), sourceStatus()]);
    expect(pipelineVerdict(fleet)).toBe('degraded: A dependency is not ready (bad is failed)');
    fleet.observe(applied(seldonModel('bad', 'ModelAvailable', { availableReplicas: 1 })));
    fleet.flush(NOW);
    expect(pipelineVerdict(fleet)).toBe('serving');
    fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'bad' });
    fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'good' });
    fleet.flush(NOW);
    expect(pipelineVerdict(fleet)).toBe('failed: A dependency is not ready (good not found, bad not found)');
  });

  it('cannot vouch for a pipeline whose steps are silent', () => {
    const watch = (name: string, resources: readonly ResourceKind[], state: SourceState = 'synced') =>
      sourceStatus({ source: name, resources, state });
    const fleet = fleetOf([
      good,
      applied(seldonPipeline('flow', ['good'])),
      watch('models', ['SeldonModel'], 'silent'),
      watch('pipelines', ['SeldonPipeline']),
    ]);
    expect(pipelineVerdict(fleet)).toBe('stale: A dependency is not ready (good is stale)');
  });

  it.each([
    ['reason', { reason: 'PipelineCreating' }, 'progressing: Loading'],
    [
      'message',
      { message: 'PipelineFailed', reason: 'topic exists' },
      'failed: Not ready for another reason (dataflow engine: PipelineFailed: topic exists)',
    ],
  ])('reads the state of a pipeline from its %s', (_, more, expected) => {
    const flow = seldonPipeline('flow', ['good'], { status: status(condition('PipelineReady', 'False', more)) });
    expect(pipelineVerdict(fleetOf([good, applied(flow), sourceStatus()]))).toBe(expected);
  });

  it('shows an InferenceGraph as a pipeline over InferenceServices', () => {
    const fleet = fleetOf([
      applied(inferenceService('churn')),
      applied(predictor('churn', 1, 1)),
      applied(inferenceGraph('flow', ['churn'])),
      sourceStatus(),
    ]);
    expect(pipelineVerdict(fleet)).toBe('serving');
  });

  it('weighs the candidates of an experiment and ignores its stray ModelReady', () => {
    const candidates = [
      { name: 'good', weight: 30 },
      { name: 'bad', weight: 90 },
    ];
    const ready = status(
      condition('ExperimentReady', 'True'),
      condition('ModelReady', 'False', { message: 'old error' })
    );
    const fleet = fleetOf([
      good,
      bad,
      applied(seldonExperiment('ab', { candidates, defaultCandidate: 'good', status: ready })),
      sourceStatus(),
    ]);
    const view = fleet.snapshot().experiments.get(entityKey({ namespace: 'payments', name: 'ab' }));
    expect(view).toMatchObject({
      verdict: { state: 'degraded' },
      candidates: [
        { name: 'good', ratio: 0.25, isDefault: true },
        { name: 'bad', ratio: 0.75, isDefault: false },
      ],
    });
    const stuck = seldonExperiment('ab', {
      candidates: [{ name: 'good', weight: 1 }],
      status: status(condition('ModelReady', 'False', { message: 'no such model' })),
    });
    fleet.observe(applied(stuck));
    fleet.flush(NOW);
    const after = fleet.snapshot().experiments.get(entityKey({ namespace: 'payments', name: 'ab' }));
    expect(after && verdictOf(after)).toBe('failed: Not ready for another reason (no such model)');
  });
});

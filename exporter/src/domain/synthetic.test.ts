import { createFleet } from './fleet';
import type { SyntheticResult } from './synthetic';
import { failedProbe, NOW, probeResult } from './testing/builders';
import { model, verdictOf } from './testing/fleets';

const PROBE = { namespace: 'standalone', model: 'lead-score', probe: 'known-lead', intervalSeconds: 60 };
const WRONG: SyntheticResult = {
  durationSeconds: 0.2,
  error: { cause: 'unexpected_answer', text: 'outputs[0].data[0]: expected 0.9, got 0.1' },
};
const RIGHT: SyntheticResult = { durationSeconds: 0.03 };

/** A model that answers its probes, and what synthetic inference told of it, one a minute. */
function afterwards(...results: SyntheticResult[]) {
  const fleet = createFleet({ probeIntervalSeconds: 600, staleAfterSeconds: 1_500 });
  fleet.observe({ kind: 'model-declared', model: { name: 'lead-score', server: 'crm', url: 'http://127.0.0.1:9000' } });
  const ready = probeResult({ models: [{ name: 'lead-score', ready: true }] });
  const endpoint = { namespace: 'standalone', server: 'crm', replica: '127.0.0.1:9000' };
  fleet.observe({ kind: 'endpoint-probed', endpoint, atSeconds: NOW, result: ready });
  fleet.flush(NOW);
  results.forEach((result, index) => {
    fleet.observe({ kind: 'synthetic-probed', probe: PROBE, atSeconds: NOW + 60 * index, result });
  });
  const change = fleet.flush(NOW + 60 * results.length);
  return { fleet, view: change.synthetic.get('standalone/lead-score/known-lead') };
}

describe('synthetic inference', () => {
  it('degrades a model that fails it twice in a row, in words', () => {
    expect(verdictOf(model(afterwards(WRONG).fleet, 'lead-score', 'standalone'))).toBe('serving');
    expect(verdictOf(model(afterwards(WRONG, WRONG).fleet, 'lead-score', 'standalone'))).toBe(
      'degraded: Answers a known request wrongly or not at all (known-lead: outputs[0].data[0]: expected 0.9, got 0.1)'
    );
    expect(verdictOf(model(afterwards(WRONG, RIGHT, WRONG).fleet, 'lead-score', 'standalone'))).toBe('serving');
    expect(verdictOf(model(afterwards(WRONG, WRONG, RIGHT).fleet, 'lead-score', 'standalone'))).toBe('serving');
  });

  it('counts successes, failures by cause, and how long answers took', () => {
    const timeout: SyntheticResult = { durationSeconds: 5, error: { cause: 'timeout', text: 'no answer' } };
    const { view } = afterwards(RIGHT, WRONG, timeout);
    expect(view).toMatchObject({
      probes: { success: 1, failure: 2 },
      failures: { unexpected_answer: 1, timeout: 1 },
      lastProbeSeconds: NOW + 120,
      success: false,
    });
    // What did not answer took no time that says anything.
    expect(view?.duration.count).toBe(2);
    expect(view?.duration.sum).toBeCloseTo(0.23);
    const within = new Map(view?.duration.buckets.map(({ le, count }) => [le, count]));
    expect([within.get(0.025), within.get(0.05), within.get(0.1), within.get(0.25)]).toEqual([0, 1, 1, 2]);
  });

  it('counts an outage of a failed model, and nothing while a model is not known to be down', () => {
    const nobody: SyntheticResult = { durationSeconds: 0, error: { cause: 'no_replica', text: 'no replica answers' } };
    expect(afterwards(nobody).view).toBeUndefined();
    const { fleet } = afterwards();
    const endpoint = { namespace: 'standalone', server: 'crm', replica: '127.0.0.1:9000' };
    const down = failedProbe('refused', 'connection refused');
    fleet.observe({ kind: 'endpoint-probed', endpoint, atSeconds: NOW + 1, result: down });
    fleet.flush(NOW + 1);
    fleet.observe({ kind: 'synthetic-probed', probe: PROBE, atSeconds: NOW + 2, result: nobody });
    const view = fleet.flush(NOW + 2).synthetic.get('standalone/lead-score/known-lead');
    expect(view).toMatchObject({ probes: { success: 0, failure: 1 }, failures: { no_replica: 1 } });
    expect(view?.duration.count).toBe(0);
  });

  it('says nothing any more when it was not probed for four intervals, neither good nor bad', () => {
    const { fleet } = afterwards(WRONG, WRONG);
    const later = NOW + 60 + 4 * 60 + 1;
    const view = fleet.flush(later).synthetic.get('standalone/lead-score/known-lead');
    expect(view && 'success' in view).toBe(false);
    expect(view?.probes.failure).toBe(2);
    expect(verdictOf(model(fleet, 'lead-score', 'standalone'))).toBe('serving');
  });
});

import { createFleet } from './fleet';
import { failedProbe, NOW, probeResult } from './testing/builders';
import type { EndpointView } from './views';

/** An endpoint of a declared server after these probes. */
function after(...results: ReturnType<typeof probeResult>[]): EndpointView['counts'] {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  const model = { name: 'lead-score', server: 'crm', url: 'http://127.0.0.1:9000' };
  fleet.observe({ kind: 'model-declared', model });
  results.forEach((result, at) =>
    fleet.observe({
      kind: 'endpoint-probed',
      endpoint: { namespace: 'standalone', server: 'crm', replica: '127.0.0.1:9000' },
      atSeconds: NOW + at,
      result,
    })
  );
  const [view] = fleet.flush(NOW + results.length).endpoints.values();
  return view?.counts;
}

describe('Counts of probes', () => {
  it('are of successes and failures, each with the time that it took', () => {
    const slow = probeResult({ durationSeconds: 0.5 });
    expect(after(slow, slow, failedProbe('refused', 'connection refused'))).toMatchObject({
      probes: { success: 2, failure: 1 },
      seconds: { success: 1 },
      failures: { refused: 1 },
    });
  });

  it('tell a server that says no from one that does not answer', () => {
    const counts = after(
      probeResult({ live: false, ready: false }),
      probeResult({ ready: false, models: [] }),
      failedProbe('timeout', 'no answer')
    );
    expect(counts?.failures).toEqual({ not_live: 1, not_ready: 1, timeout: 1 });
    expect(counts?.probes).toEqual({ success: 0, failure: 3 });
  });

  it('take a server that serves one of its models for one that is up', () => {
    const models = [
      { name: 'a', ready: false },
      { name: 'b', ready: true },
    ];
    expect(after(probeResult({ ready: false, models }))?.probes).toEqual({ success: 1, failure: 0 });
  });
});

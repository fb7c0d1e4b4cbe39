import { createFleet } from './fleet';
import { inferenceSample, NOW, probeResult } from './testing/builders';

const endpoint = { namespace: 'standalone', server: 'crm', replica: '127.0.0.1:9000' };
const SAMPLE = inferenceSample('lead-score', '', { requests: { success: 7 } });

/** What is shown after each of these answered the probe, the first of them measured too. */
function after(...results: Parameters<typeof probeResult>[0][]) {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  const model = { name: 'lead-score', server: 'crm', url: 'http://127.0.0.1:9000' };
  fleet.observe({ kind: 'model-declared', model });
  results.forEach((result, at) => {
    fleet.observe({ kind: 'endpoint-probed', endpoint, atSeconds: NOW + at, result: probeResult(result) });
    if (at === 0) {
      fleet.observe({
        kind: 'endpoint-measured',
        endpoint,
        atSeconds: NOW,
        samples: [SAMPLE],
        capabilities: ['requests'],
      });
    }
  });
  fleet.flush(NOW + results.length);
  const { endpoints, models } = fleet.snapshot();
  const [view] = endpoints.values();
  const [shown] = models.values();
  return { changes: view?.identityChanges, samples: shown?.endpoints[0]?.inference };
}

const mlserver = { kind: 'mlserver', serverName: 'mlserver', serverVersion: '1.7.1' } as const;
const failed = { up: false, error: { cause: 'refused', text: 'connection refused' } } as const;

describe('another server at the same address', () => {
  it.each([
    ['of another name', { kind: 'triton', serverName: 'triton', serverVersion: '2.51.0' } as const],
    ['of another version', { ...mlserver, serverVersion: '1.8.0' }],
  ])('%s is counted, and what the one before measured vanishes', (_, other) => {
    expect(after(mlserver, mlserver)).toEqual({ changes: 0, samples: [SAMPLE] });
    const { changes, samples } = after(mlserver, other, other);
    expect(changes).toBe(1);
    expect(samples).toBeUndefined();
  });

  it('is seen across an outage and across an answer without a name', () => {
    const nameless = { kind: 'oip' } as const;
    expect(after(mlserver, failed, { ...mlserver, serverVersion: '1.8.0' }).changes).toBe(1);
    expect(after(mlserver, failed, mlserver)).toMatchObject({ changes: 0, samples: [SAMPLE] });
    const withoutName = probeResultWithoutName(nameless);
    expect(after(mlserver, withoutName, mlserver).changes).toBe(0);
    expect(after(mlserver, withoutName, { ...mlserver, serverVersion: '1.8.0' }).changes).toBe(1);
  });

  it('of a kind that has no name is known by its kind', () => {
    const kinds = (['vllm', 'vllm', 'llamacpp'] as const).map((kind) => probeResultWithoutName({ kind }));
    expect(after(...kinds).changes).toBe(1);
  });
});

/** A result of the builder, without what the server says of itself. */
function probeResultWithoutName(result: Parameters<typeof probeResult>[0]): Parameters<typeof probeResult>[0] {
  return { serverName: undefined, serverVersion: undefined, ...result } as Parameters<typeof probeResult>[0];
}

import { fleetOf, model, server, verdictOf } from './testing/fleets';
import type { Observation } from './observation';
import { NOW, failedProbe, probeResult, probed } from './testing/builders';

describe('a standalone model', () => {
  const declared: Observation = {
    kind: 'model-declared',
    model: { name: 'iris', server: 'edge', owner: 'lab', url: 'http://edge.example:8080' },
  };
  const answer = (result: ReturnType<typeof probeResult>, at = NOW) =>
    probed('edge', 'edge.example:8080', result, at, 'standalone');
  const iris = probeResult({ models: [{ name: 'iris', ready: true, version: '1' }] });

  it('is unknown until a probe was answered, serving while one confirms it, failed when refused after', () => {
    const fleet = fleetOf([declared]);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe('unknown: Never seen: no probe was answered yet');
    fleet.observe(answer(failedProbe('refused', 'connection refused')));
    fleet.flush(NOW);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe(
      'unknown: Never seen: no probe was answered yet (connection refused)'
    );
    fleet.observe(answer(iris));
    fleet.flush(NOW);
    expect(model(fleet, 'iris', 'standalone')).toMatchObject({
      verdict: { state: 'serving' },
      owner: 'lab',
      replicas: { desired: 1, available: 1 },
      lastObservedSeconds: NOW,
    });
    fleet.observe(answer(failedProbe('refused', 'connection refused'), NOW + 15));
    fleet.flush(NOW + 15);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe('failed: Server does not answer (connection refused)');
    expect(model(fleet, 'iris', 'standalone').lastObservedSeconds).toBe(NOW);
  });

  it.each([
    [
      'an answer that is no answer',
      { error: { cause: 'invalid_response' as const, text: 'got HTML' } },
      'failed: Server answers something else (got HTML)',
    ],
    ['a server that is not live', { live: false, ready: false }, 'failed: Server is not live'],
    ['a server that is not ready', { ready: false }, 'failed: Server is not ready'],
    [
      'a server without the model',
      { models: [{ name: 'other', ready: true }] },
      'failed: Server does not have the model ready',
    ],
    [
      'a model that loads',
      { models: [{ name: 'iris', ready: false, state: 'loading' as const }] },
      'progressing: Loading',
    ],
  ])('sees %s', (_, result, expected) => {
    expect(verdictOf(model(fleetOf([declared, answer(probeResult(result))]), 'iris', 'standalone'))).toBe(expected);
  });

  it('is unknown, not failed, where the server answers and does not show how the model is', () => {
    const hidden = { name: 'iris', state: 'unknown' as const, reason: 'no way to its workers' };
    const fleet = fleetOf([declared, answer(probeResult({ models: [hidden] }))]);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe(
      'unknown: Never seen: no status yet (no way to its workers)'
    );
    expect(model(fleet, 'iris', 'standalone').replicas).toEqual({ desired: 1 });
    expect(server(fleet, 'edge', 'standalone').verdict.state).toBe('serving');
    // What says that it is not ready is judged, whatever state it names.
    fleet.observe(answer(probeResult({ models: [{ ...hidden, ready: false }] }), NOW + 15));
    fleet.flush(NOW + 15);
    expect(model(fleet, 'iris', 'standalone').verdict.state).toBe('failed');
  });

  it('is stale when nobody probes it any more', () => {
    const fleet = fleetOf([declared, answer(iris)]);
    fleet.flush(NOW + 61);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe('stale: No probe for too long');
  });
});

describe('a standalone server without declared models', () => {
  const declared: Observation = {
    kind: 'server-declared',
    server: { server: 'laptop', url: 'http://localhost:8080' },
  };
  const answer = (result: ReturnType<typeof probeResult>, at = NOW) =>
    probed('laptop', 'localhost:8080', result, at, 'standalone');
  const listed = probeResult({
    models: [
      { name: 'base', ready: true },
      { name: 'sql', ready: true, parent: 'base' },
    ],
  });

  it('is asked, and has the models that it lists, without what rests on them', () => {
    const fleet = fleetOf([declared]);
    expect(fleet.takeTargets().set).toMatchObject([{ url: 'http://localhost:8080', models: [] }]);
    fleet.observe(answer(listed));
    fleet.flush(NOW);
    expect(verdictOf(model(fleet, 'base', 'standalone'))).toBe('serving');
    expect([...fleet.snapshot().models.values()].map(({ name }) => name)).toEqual(['base']);
    expect(fleet.takeTargets().set).toMatchObject([{ url: 'http://localhost:8080', models: ['base'] }]);
  });

  it('misses a model that it does not list any more, and forgets none while it does not answer', () => {
    const fleet = fleetOf([declared, answer(listed)]);
    fleet.observe(answer(failedProbe('refused', 'connection refused'), NOW + 15));
    fleet.flush(NOW + 15);
    expect(verdictOf(model(fleet, 'base', 'standalone'))).toBe('failed: Server does not answer (connection refused)');
    fleet.observe(answer(probeResult({ models: [{ name: 'other', ready: true }] }), NOW + 30));
    fleet.flush(NOW + 30);
    expect(verdictOf(model(fleet, 'base', 'standalone'))).toBe('failed: Server does not have the model ready');
    expect(verdictOf(model(fleet, 'other', 'standalone'))).toBe('serving');
  });
});

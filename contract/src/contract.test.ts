import { METRICS, RECORDED, decodeModelSummary, DecodeError, entityKey, parseEntityKey, reasonSentence } from './index';

describe('contract', () => {
  it('names every metric once, with our prefix and without labels that scraping attaches', () => {
    const names = [...Object.values(METRICS), ...Object.values(RECORDED)].map((family) => family.name);
    expect(new Set(names).size).toBe(names.length);
    const forbidden = ['endpoint', 'service', 'instance', 'job', 'container', 'cluster', 'le', 'quantile'];
    for (const family of Object.values(METRICS)) {
      expect(family.name).toMatch(/^modelwatch_[a-z0-9_]+$/);
      expect(family.name.endsWith('_total')).toBe(family.type === 'counter');
      if (family.name.startsWith('modelwatch_exporter_')) continue;
      // A bound on its own, to be joined with the buckets that have it.
      const bounds = [METRICS.modelSlowThreshold, METRICS.sloThresholdSeconds];
      const allowed = bounds.some(({ name }) => name === family.name) ? ['le'] : [];
      expect(family.labels.filter((label) => forbidden.includes(label))).toEqual(allowed);
    }
  });

  it('reads a key back into the identity that it was made of', () => {
    const id = { namespace: 'payments', name: 'fraud "scorer" 🙂' };
    expect(parseEntityKey(entityKey(id))).toEqual(id);
    expect(() => entityKey({ namespace: 'a/b', name: 'c' })).toThrow(
      'identity needs a namespace and a name without "/"'
    );
  });

  it('refuses an answer with the place, the value and what was expected', () => {
    const summary = { namespace: 'a', name: 'b', platform: 'seldon', serving: 'fine', reasons: [] };
    expect(() => decodeModelSummary(summary)).toThrow(DecodeError);
    expect(() => decodeModelSummary(summary)).toThrow(
      'serving: expected one of failed, degraded, stale, unknown, progressing, idle, serving, got "fine"'
    );
  });

  it.each([
    ['out_of_memory', { desired: 3, available: 0 }, 'Out of memory: 0 of 3 replicas ready'],
    ['rolling_out', { desired: 4, available: 4 }, 'Rolling out: 4 of 4 replicas ready'],
    ['scaled_to_zero', { desired: 0 }, 'Scaled to zero on purpose'],
    ['source_silent', {}, 'No news from Kubernetes'],
    ['replicas_unavailable', { desired: 1 }, 'Some replicas are not ready: 0 of 1 replica ready'],
  ] as const)('says %s in words', (reason, counts, words) => {
    expect(reasonSentence(reason, counts)).toBe(words);
  });
});

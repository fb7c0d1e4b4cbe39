import { inferenceSample } from '../../domain/testing/builders';
import type { Measured } from './endpoint';
import { Pages, type Page } from './pages';

const SERVER: Page = { url: 'server', own: true };
const AGENT: Page = { url: 'agent', own: false };
const histogram = (sum: number, count: number) => ({ buckets: [], sum, count });

/** As MLServer says it. */
const server = (success: number): Measured => ({
  samples: [
    inferenceSample('fraud', '1', {
      requests: { success, unknown: 0 },
      histograms: { duration: histogram(success * 0.1, success), queue: histogram(1, 2) },
    }),
  ],
  capabilities: ['requests', 'outcomes', 'versions', 'duration', 'queue'],
});
const agent = (success: number): Measured => ({
  samples: [
    inferenceSample('fraud', '1', {
      requests: { success, client_error: 0, server_error: 2 },
      histograms: { duration: histogram(success * 0.2, success) },
    }),
  ],
  capabilities: ['requests', 'outcomes', 'error_sides', 'versions', 'duration'],
  replica: { cacheMisses: 1 },
});

/** Polls the pages that answer in this way; those that are missing fail. */
function poller() {
  const pages = new Pages();
  const errors: unknown[] = [];
  const poll = async (answers: { server?: Measured; agent?: Measured }) => {
    const answer = ({ url }: Page) => answers[url as keyof typeof answers];
    const read = (page: Page) => {
      const measured = answer(page);
      return measured ? Promise.resolve(measured) : Promise.reject(new Error(page.url));
    };
    const told = await pages.poll([SERVER, AGENT], read, (error) => errors.push((error as Error).message));
    return told === undefined || told === 'silent' ? told : { ...told, ...told.samples[0] };
  };
  return { poll, errors };
}

describe('the pages of one endpoint', () => {
  it('count each request once: as those who asked saw it, with the rest of what the server says', async () => {
    const { poll, errors } = poller();
    expect(await poll({ server: server(50), agent: agent(48) })).toMatchObject({
      samples: [{}],
      requests: { success: 48, client_error: 0, server_error: 2 },
      histograms: { duration: histogram(48 * 0.2, 48), execution: histogram(50 * 0.1, 50), queue: histogram(1, 2) },
      capabilities: ['versions', 'queue', 'execution', 'requests', 'outcomes', 'error_sides', 'duration'],
      replica: { cacheMisses: 1 },
    });
    expect(errors).toEqual([]);
  });

  it('fail each for itself: what the silent one measured vanishes with its second miss, never a counter for another', async () => {
    const { poll, errors } = poller();
    await poll({ server: server(50), agent: agent(48) });
    expect(await poll({ server: server(60) })).toMatchObject({ requests: { success: 48 } });
    const without = await poll({ server: server(70) });
    expect(without).toHaveProperty('requests', {});
    expect(without).toMatchObject({ histograms: { execution: histogram(7, 70) } });
    expect(without).not.toHaveProperty('replica');
    // Not that it cannot say these: nobody knows now.
    expect(without).toMatchObject({
      capabilities: ['versions', 'queue', 'execution'],
      unknown: ['requests', 'outcomes', 'error_sides', 'duration', 'duration_buckets'],
    });
    expect(errors).toEqual(['agent', 'agent']);
    expect(await poll({ server: server(80), agent: agent(78) })).toMatchObject({ requests: { success: 78 } });
  });

  it("hold the server's page back for nobody, and go on without it", async () => {
    const { poll } = poller();
    await poll({ server: server(50), agent: agent(48) });
    await poll({ agent: agent(49) });
    const told = await poll({ agent: agent(50) });
    expect(told).toMatchObject({ requests: { success: 50 }, histograms: { duration: histogram(10, 50) } });
    expect(told).not.toHaveProperty('histograms.queue');
    expect(told).toMatchObject({ unknown: expect.arrayContaining(['queue', 'tokens']) as string[] });
    expect(told).not.toMatchObject({ unknown: expect.arrayContaining(['duration_buckets']) as string[] });
  });

  it("never take the server's own requests in place of a container's that does not answer, from the start or later", async () => {
    const { poll } = poller();
    for (const count of [0, 50, 51]) {
      const told = await poll({ server: server(count) });
      expect(told).toHaveProperty('requests', {});
      expect(told).toMatchObject({ unknown: expect.arrayContaining(['outcomes']) as string[] });
    }
    const told = await poll({ server: server(52), agent: agent(48) });
    expect(told).toMatchObject({ requests: { success: 48 }, replica: { cacheMisses: 1 } });
    expect(told).not.toHaveProperty('unknown');
  });

  it("say that one page's figures vanish at its second miss, though no page answers", async () => {
    const { poll } = poller();
    await poll({ server: server(50), agent: agent(48) });
    await poll({ agent: agent(49) });
    const told = await poll({});
    expect(told).toMatchObject({ requests: { success: 49 } });
    expect(told).not.toHaveProperty('histograms.queue');
    expect(await poll({})).toBe('silent');
  });

  it('say once that all of them are silent', async () => {
    const { poll } = poller();
    await poll({ server: server(50), agent: agent(48) });
    expect([await poll({}), await poll({}), await poll({})]).toEqual([undefined, 'silent', undefined]);
    expect(await poll({ agent: agent(60) })).toMatchObject({ requests: { success: 60 } });
  });
});

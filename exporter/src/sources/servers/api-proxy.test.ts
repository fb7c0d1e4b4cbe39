import type { Observation } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/probe-target';
import type { ServersOptions } from './index';
import { listen, routes } from './testing/server';
import { eventually, measured, MLSERVER, probed, start, stopSources, target, type Probed } from './testing/source';

afterEach(stopSources);

type Request = NonNullable<ServersOptions['request']>;

const POD = { ...target('http://10.0.0.7:9000'), pod: { namespace: 'ns', name: 's-0' } };

/** What the API server answers itself. */
function refusal(code: number, message?: string) {
  const body = Buffer.from(JSON.stringify({ kind: 'Status', apiVersion: 'v1', code, message }));
  return { status: code, headers: { 'content-type': 'application/json' }, body };
}

/** As the API server passes a request on to a pod, here the server at `base`. */
async function passOn(base: string, path: string, method: Parameters<Request>[1]['method']) {
  const inner = path.replace(/^.*\/proxy/, '');
  const response = await fetch(`${base}${inner}`, { method, ...(method === 'POST' ? { body: '{}' } : {}) });
  return {
    status: response.status,
    headers: { 'content-type': response.headers.get('content-type') ?? '' },
    body: Buffer.from(await response.arrayBuffer()),
  };
}

describe('a pod that is asked through the API server', () => {
  it('says nothing of a pod that the API server does not let it ask', async () => {
    let refused = 0;
    const request: Request = () => {
      refused += 1;
      return Promise.resolve(refusal(401, 'Unauthorized'));
    };
    const { told, errors } = start([POD], { access: 'api-proxy', request, probeIntervalSeconds: 0.1 });
    await eventually(() => refused >= 3);
    expect(told.filter(probed)).toEqual([]);
    expect(errors).toContain('proxy_refused');
  });

  it('does not blame a pod for the page of something before the API server', async () => {
    const page = Buffer.from('<html>secret sign-in</html>');
    let headers: Record<string, string> = { 'content-type': 'text/html; charset=utf-8' };
    const request: Request = () => Promise.resolve({ status: 502, headers, body: page });
    const { until, told, errors } = start([POD], { access: 'api-proxy', request, probeIntervalSeconds: 0.1 });
    const status = await until(
      (one): one is Extract<Observation, { kind: 'source-status' }> =>
        one.kind === 'source-status' && one.message !== undefined
    );
    expect(status).toMatchObject({ state: 'failing', objects: 1 });
    expect(status.message).toMatch(
      /^1 of 1 cannot be asked: GET http:\/\/10\.0\.0\.7:9000\S* through the API server: expected an answer of Kubernetes, got HTML with status 502 from something before it$/
    );
    expect(told.filter(probed)).toEqual([]);
    expect(new Set(errors)).toEqual(new Set(['proxy_not_kubernetes']));

    // The same page of the pod itself: the API server marks what it passes on.
    headers = { ...headers, 'audit-id': '1' };
    const { result } = await until(probed);
    expect(result).toMatchObject({ up: true, live: false, error: { cause: 'invalid_response' } });
  });

  it('counts a poll that the API server does not let through as missed', async () => {
    const base = await listen(routes(MLSERVER));
    let refused = false;
    const request: Request = async (path, { method }) => (refused ? refusal(403) : passOn(base, path, method));
    const { until } = start([POD], { access: 'api-proxy', request, probeIntervalSeconds: 0.1 });
    await until(measured);
    refused = true;
    const isSilent = (one: Observation): one is Observation & { kind: 'endpoint-silent' } =>
      one.kind === 'endpoint-silent';
    expect(await until(isSilent)).toMatchObject({ endpoint: POD.endpoint });
  });

  it('reaches pods through the API server, which says when it cannot', async () => {
    const paths: string[] = [];
    const base = await listen(routes(MLSERVER));
    const request: Request = async (path, { method }) => {
      paths.push(`${method} ${path}`);
      return path.includes('gone') ? refusal(503) : passOn(base, path, method);
    };
    const pod = (name: string): ProbeTarget => ({
      ...target('http://10.0.0.7:9000', { endpoint: { namespace: 'ns', server: 's', replica: name } }),
      metricsUrl: 'http://10.0.0.7:8082/metrics',
      pod: { namespace: 'ns', name },
    });
    const { until, told } = start([pod('s-0'), pod('gone')], { access: 'api-proxy', request });
    await until(measured);
    await until((one): one is Probed => probed(one) && one.endpoint.replica === 'gone');
    expect(paths).toContain('GET /api/v1/namespaces/ns/pods/s-0:9000/proxy/v2/health/live');
    expect(paths).toContain('POST /api/v1/namespaces/ns/pods/s-0:9000/proxy/v2/repository/index');
    expect(paths).toContain('GET /api/v1/namespaces/ns/pods/s-0:8082/proxy/metrics');
    const gone = told.filter(probed).find(({ endpoint }) => endpoint.replica === 'gone');
    expect(gone?.result).toMatchObject({ up: false, error: { cause: 'refused' } });
  });
});

import { SLOW_MODELS } from '../fleet/default-models';
import { OBJECTIVES } from '../fleet/objectives';
import { startDemo } from '../start';
import { SCENARIOS, type Demo } from '../types';

let demo: Demo;
beforeEach(async () => {
  demo = await startDemo();
});
afterEach(() => demo.stop());

const call = (path: string, init: RequestInit = {}) => fetch(demo.controlUrl + path, { redirect: 'manual', ...init });
const isOn = (name: string) => demo.scenarios().find((scenario) => scenario.name === name)?.on;

describe('control server', () => {
  it('lists the scenarios with their models', async () => {
    const list = (await (await call('/scenarios')).json()) as unknown[];
    expect(list).toHaveLength(SCENARIOS.length);
    expect(list[0]).toMatchObject({ name: 'outage', on: false, model: 'payments/fraud-scorer' });
    expect(await (await call('/')).text()).toContain('demo scenario outage on');
    expect(await (await call('/info')).json()).toMatchObject({
      apiUrl: demo.api.url,
      standalone: demo.standalone,
      schedulers: [],
      slowModels: SLOW_MODELS,
      slos: OBJECTIVES,
    });
  });

  it('switches by PUT', async () => {
    const answer = await call('/scenarios/outage', { method: 'PUT', body: '{"on":true}' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { name: 'outage', on: true }]);
    expect(isOn('outage')).toBe(true);
    await call('/scenarios/outage', { method: 'PUT', body: '{"on":false}' });
    expect(isOn('outage')).toBe(false);
  });

  it('switches by a form, and sends the browser back to its page', async () => {
    const headers = { referer: 'http://127.0.0.1:8780/', origin: 'http://127.0.0.1:8780' };
    const field = await call('/scenarios/slow', { method: 'POST', body: new URLSearchParams({ on: 'true' }), headers });
    expect([field.status, field.headers.get('location')]).toEqual([303, 'http://127.0.0.1:8780/']);
    expect(isOn('slow')).toBe(true);
    const path = await call('/scenarios/slow/off', { method: 'POST', headers });
    expect(path.status).toBe(303);
    expect(isOn('slow')).toBe(false);
  });

  it('never sends a browser elsewhere, nor obeys a page from elsewhere', async () => {
    const away = await call('/scenarios/slow/on', { method: 'POST', headers: { referer: 'https://example.com/' } });
    expect(away.headers.get('location')).toBe('/');
    demo.setScenario('slow', false);
    const foreign = await call('/scenarios/slow/on', { method: 'POST', headers: { origin: 'https://example.com' } });
    expect(foreign.status).toBe(403);
    expect(isOn('slow')).toBe(false);
  });

  it.each([
    ['PUT', '/scenarios/flood', '{"on":true}', 404, 'scenario flood: expected one of outage, degraded'],
    ['PUT', '/scenarios/outage', '{"on":1}', 400, 'body: expected {\\"on\\": true}'],
    ['PUT', '/scenarios/outage', 'on', 400, 'body: expected'],
    ['POST', '/scenarios/outage', 'on=maybe', 400, 'field on: expected true or false'],
    ['DELETE', '/scenarios/outage', undefined, 405, 'expected PUT or POST'],
    ['GET', '/nowhere', undefined, 404, '/nowhere: expected'],
  ])('%s %s with %s is refused', async (method, path, body, status, words) => {
    const answer = await call(path, { method, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words);
    expect(demo.scenarios().some((scenario) => scenario.on)).toBe(false);
  });
});

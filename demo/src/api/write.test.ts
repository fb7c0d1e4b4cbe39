/** Patches, creations and replacements, as controllers and operators write them. */
import { startDemo } from '../start';
import type { Demo, KubernetesObject } from '../types';

let demo: Demo;
beforeEach(async () => {
  demo = await startDemo();
});
afterEach(() => demo.stop());

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(demo.api.url + path, init);
  return { status: response.status, body: await response.json() };
}

const FRAUD = '/apis/mlops.seldon.io/v1alpha1/namespaces/payments/models/fraud-scorer';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/modelwatch/leases';
const send = (method: string, path: string, body: unknown, type = 'application/merge-patch+json') =>
  get(path, { method, body: JSON.stringify(body), headers: { 'content-type': type } });
const model = async () => (await get(FRAUD)).body as KubernetesObject;
const replicas = async () => ((await model()) as unknown as { spec: { replicas: number } }).spec.replicas;

it('patches what its resourceVersion fits, says who did, and counts the change of the spec', async () => {
  const { metadata } = await model();
  const { resourceVersion, generation } = metadata as unknown as { resourceVersion: string; generation: number };
  const patch = { metadata: { resourceVersion, annotations: { note: 'x' } }, spec: { replicas: 5 } };
  const patched = await send('PATCH', `${FRAUD}?fieldManager=us`, patch);
  expect(patched).toMatchObject({
    status: 200,
    body: {
      metadata: { generation: generation + 1, annotations: { note: 'x' }, managedFields: [{ manager: 'us' }] },
      spec: { replicas: 5, server: expect.any(String) },
    },
  });
  expect(await send('PATCH', FRAUD, patch)).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  demo.setScenario('outage', true);
  expect(await replicas()).toBe(5);
});

it('keeps nothing of a dry run, and refuses what it does not know', async () => {
  const before = await model();
  const dry = await send('PATCH', `${FRAUD}?dryRun=All`, { spec: { replicas: 7 } });
  expect(dry).toMatchObject({ status: 200, body: { spec: { replicas: 7 } } });
  expect(await model()).toEqual(before);
  expect((await send('PATCH', `${FRAUD}?dryRun=Some`, {})).status).toBe(422);
  expect((await send('PATCH', FRAUD, {}, 'application/json')).status).toBe(415);
  expect((await send('PATCH', FRAUD, [])).status).toBe(400);
  expect((await send('PATCH', FRAUD.replace('fraud-scorer', 'nope'), {})).status).toBe(404);
  expect((await send('DELETE', FRAUD, {})).status).toBe(405);
});

it('creates a Lease once, and replaces it where the resourceVersion fits', async () => {
  const lease = { metadata: { name: 'one' }, spec: { holderIdentity: 'a' } };
  const created = await send('POST', LEASES, lease, 'application/json');
  expect(created).toMatchObject({ status: 201, body: { kind: 'Lease', metadata: { namespace: 'modelwatch' } } });
  expect(await send('POST', LEASES, lease)).toMatchObject({ status: 409, body: { reason: 'AlreadyExists' } });
  const next = { ...(created.body as object), spec: { holderIdentity: 'b' } };
  expect(await send('PUT', `${LEASES}/one`, next)).toMatchObject({
    status: 200,
    body: { spec: { holderIdentity: 'b' } },
  });
  expect((await send('PUT', `${LEASES}/one`, next)).status).toBe(409);
});

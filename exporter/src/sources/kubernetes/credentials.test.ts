import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCredentials } from './credentials';

const OPTIONS = { namespaces: [], staleAfterSeconds: 150, pageSize: 500, requestsPerSecond: 1_000 };

describe('createCredentials', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads a token anew after it was not accepted, and keeps the connections', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'one\n');
    const credentials = createCredentials({ ...OPTIONS, server: 'http://127.0.0.1:8001/', tokenFile });
    const first = await credentials.access();
    expect(first).toMatchObject({ server: 'http://127.0.0.1:8001', headers: { authorization: 'Bearer one' } });
    writeFileSync(tokenFile, 'two\n');
    expect((await credentials.access()).headers).toEqual({ authorization: 'Bearer one' });
    credentials.forget(first);
    const second = await credentials.access();
    expect(second.headers).toEqual({ authorization: 'Bearer two' });
    expect(second.dispatcher).toBe(first.dispatcher);
    await credentials.close();
  });

  it('names the file that is missing, and reads it when it appears', async () => {
    const tokenFile = join(folder, 'token');
    const credentials = createCredentials({ ...OPTIONS, server: 'http://127.0.0.1:8001', tokenFile });
    await expect(credentials.access()).rejects.toMatchObject({
      reason: 'credentials',
      message: `token file ${tokenFile}: expected a readable file, got ENOENT`,
    });
    writeFileSync(tokenFile, '');
    await expect(credentials.access()).rejects.toThrow('expected a token, the file is empty');
    writeFileSync(tokenFile, 'x');
    expect((await credentials.access()).headers).toEqual({ authorization: 'Bearer x' });
    await credentials.close();
  });

  it('says what it looked for when there is nothing', async () => {
    const kubeconfig = join(folder, 'none');
    const credentials = createCredentials({ ...OPTIONS, kubeconfig }, {});
    await expect(credentials.access()).rejects.toThrow(
      `expected a service account, kubernetes.server or a kubeconfig, and ${kubeconfig} is not there`
    );
  });

  it('takes the context of a kubeconfig that it is told to, and impersonates nobody', async () => {
    const kubeconfig = join(folder, 'config');
    const users = { plain: { token: 'static' }, 'other-self': { token: 'static', as: 'admin' } };
    const names = Object.keys(users);
    const config = {
      'current-context': 'plain',
      clusters: [{ name: 'c', cluster: { server: 'https://10.1.2.3:6443/' } }],
      users: Object.entries(users).map(([name, user]) => ({ name, user })),
      contexts: [
        ...names.map((user) => ({ name: user, context: { cluster: 'c', user } })),
        { name: 'nowhere', context: { cluster: 'none', user: 'plain' } },
        { name: 'nobody', context: { cluster: 'c', user: 'none' } },
      ],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    const read = async (context?: string) => {
      const credentials = createCredentials({ ...OPTIONS, kubeconfig, context }, {});
      const { server, headers } = await credentials.access().finally(() => credentials.close());
      return { server, headers };
    };
    expect(await read()).toEqual({ server: 'https://10.1.2.3:6443', headers: { authorization: 'Bearer static' } });
    await expect(read('other')).rejects.toThrow(
      'kubernetes.context: expected one of plain, other-self, nowhere, nobody, got "other"'
    );
    await expect(read('other-self')).rejects.toThrow(
      'kubeconfig user "other-self": expected no impersonation (as), got some'
    );
    await expect(read('nowhere')).rejects.toThrow('context "nowhere": expected a cluster with an http:// or https://');
    await expect(read('nobody')).rejects.toThrow('context "nobody": expected user "none", got none of that name');
  });
});

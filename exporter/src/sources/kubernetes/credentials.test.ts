import { execFileSync } from 'node:child_process';
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
    credentials.forget();
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

  // In a process of its own: the client library is an ES module, which jest does not load.
  it('takes tokens, contexts and exec plugins of a kubeconfig from the client library', () => {
    const kubeconfig = join(folder, 'config');
    const plugin = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'fromexec' },
    };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'plain',
        clusters: [{ name: 'c', cluster: { server: 'https://10.1.2.3:6443/' } }],
        users: [
          { name: 'plain', user: { token: 'static' } },
          { name: 'other-self', user: { token: 'static', as: 'admin' } },
          {
            name: 'exec',
            user: {
              exec: {
                apiVersion: plugin.apiVersion,
                command: 'echo',
                args: [JSON.stringify(plugin)],
                interactiveMode: 'Never',
              },
            },
          },
        ],
        contexts: ['plain', 'exec', 'other-self'].map((user) => ({ name: user, context: { cluster: 'c', user } })),
      })
    );
    const script = join(folder, 'read.ts');
    writeFileSync(
      script,
      `import { createCredentials } from ${JSON.stringify(join(__dirname, 'credentials'))};
       const read = async (context?: string) => {
         const credentials = createCredentials({ ...${JSON.stringify({ ...OPTIONS, kubeconfig })}, context }, {});
         try { const { server, headers } = await credentials.access(); return { server, headers }; }
         catch (error) { return (error as Error).message; }
         finally { await credentials.close(); }
       };
       (async () => console.log(JSON.stringify([await read(), await read('exec'), await read('other'), await read('other-self')])))();`
    );
    const tsx = require.resolve('tsx/cli');
    const output = execFileSync(process.execPath, [tsx, script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(JSON.parse(output)).toEqual([
      { server: 'https://10.1.2.3:6443', headers: { authorization: 'Bearer static' } },
      { server: 'https://10.1.2.3:6443', headers: { authorization: 'Bearer fromexec' } },
      'kubernetes.context: expected one of plain, exec, other-self, got "other"',
      'kubeconfig user "other-self": expected no impersonation (as), got some',
    ]);
  });
});

/** docs/automated-response.md, its first way from top to bottom, and its tables. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RESPONSE_REASONS, RESPONSE_RESULTS } from '@modelwatch/contract';
import { startDemo } from '@modelwatch/demo';
import { runResponder } from '../../exporter/src/cli/responder';
import { loadConfig } from '../../exporter/src/config/load';
import { createLog } from '../../exporter/src/log/log';
import { startResponder } from '../../exporter/src/responding';
import { until } from '../support/processes';

const DOC = readFileSync(join(__dirname, '../../docs/automated-response.md'), 'utf8');
const blocks = (language: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
const run = promisify(execFile);

it('goes its shortest way', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-responder-doc-'));
  const demo = await startDemo({ models: 8 });
  const shell = async (script: string, url: string) => {
    const text = script.replaceAll('http://127.0.0.1:8781', url).replaceAll('curl ', 'curl -sS ');
    return (await run('bash', ['-ec', text], { cwd: folder })).stdout;
  };
  try {
    const [, start = '', send = '', takeBack = ''] = blocks('sh');
    expect(spawnSync('bash', ['-ec', start.split('\n')[0] ?? ''], { cwd: folder }).status).toBe(0);
    const written = (blocks('yaml')[0] ?? '')
      .replace('http://127.0.0.1:8701', demo.api.url)
      .replace('./responder-token', join(folder, 'responder-token'));
    const file = join(folder, 'responder.yaml');
    const begin = async (text: string) => {
      writeFileSync(file, text);
      const flags = { 'responder.port': ['0'], 'web.listen-address': ['127.0.0.1'], 'log.level': ['fatal'] };
      const load = () => loadConfig({ file, env: {}, flags });
      const { config } = load();
      return { running: await startResponder(config, { log: createLog(config.log), source: { load, file } }) };
    };
    const dry = await begin(written);
    const told = (text: string, url: string) =>
      until(
        text,
        () => shell(send, url),
        (answer) => answer.includes(text)
      );
    const [, shown = 'nothing'] = /```\n("result":.*)\n```/.exec(DOC) ?? [];
    await told(shown, dry.running.url);
    await dry.running.stop();
    const auto = await begin(written.replace('enabled: true', 'enabled: true\n  mode: auto'));
    await told('"result":"acted","reason":"none","text":"went from 3 to 4"', auto.running.url);
    await told('"result":"refused","reason":"duplicate"', auto.running.url);
    await auto.running.stop();
    const [, words = ''] = /modelwatch responder (undo .* --config\.file) responder\.yaml/.exec(takeBack) ?? [];
    const takesBack = () => runResponder([...words.split(' '), join(folder, 'responder.yaml')], {});
    const said = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await takesBack();
    expect(said.mock.calls.join('')).toContain('Model payments/fraud-scorer: replicas from 4 back to 3, as before');
    said.mockRestore();
    await expect(takesBack()).rejects.toThrow('there is nothing to undo');
    await expect(runResponder(['undo', 'Pod', 'payments/x'], {})).rejects.toThrow('undo: expected one of Model, ');
    await expect(runResponder(['undo', 'Model', 'x'], {})).rejects.toThrow('undo: expected NAMESPACE/NAME, got "x"');
  } finally {
    await demo.stop();
    rmSync(folder, { recursive: true });
  }
});

it('names each reason and each result', () => {
  const [table = ''] = /\| reason \|[\s\S]*?\n\n/.exec(DOC) ?? [];
  const named = [...table.matchAll(/^\| ([^|]*)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  );
  expect(named.sort()).toEqual(RESPONSE_REASONS.filter((reason) => reason !== 'none').sort());
  const [results = ''] = /`result` is .*/.exec(DOC) ?? [];
  for (const result of RESPONSE_RESULTS) expect(results).toContain(`\`${result}\``);
});

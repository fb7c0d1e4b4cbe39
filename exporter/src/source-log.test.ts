import { createSourceLog } from './source-log';
import type { SourceView } from './domain/source-book';

const source = (state: SourceView['state']): SourceView => ({
  source: 'kubernetes/pods',
  title: 'Kubernetes, pods',
  state,
  required: true,
  objects: 3,
  message: 'expected status 200, got 401',
});

it('logs a source that fails once, and once when it is well again', () => {
  const lines: string[] = [];
  const note = (level: string) => (fields: unknown, text?: unknown) =>
    void lines.push(`${level} ${String(text)} ${JSON.stringify(fields)}`);
  const tell = createSourceLog({ info: note('info'), warn: note('warn') });
  for (const state of ['syncing', 'synced', 'failing', 'failing', 'silent', 'synced', 'synced'] as const)
    tell([source(state)]);
  expect(lines).toEqual([
    'warn A source does not deliver {"source":"kubernetes/pods","state":"failing","problem":"expected status 200, got 401"}',
    'info A source delivers again {"source":"kubernetes/pods","state":"synced"}',
  ]);
});

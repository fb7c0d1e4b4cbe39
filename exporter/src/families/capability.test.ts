import { capabilityRow } from './inference';

it('shows 1, 0 and nothing for what a replica can say, cannot say, and of which nobody knows', () => {
  const text = capabilityRow.render({
    namespace: 'ns',
    server: 's',
    replica: 's-0',
    key: 'ns/s/s-0',
    up: true,
    ready: true,
    capabilities: ['queue'],
    unknownCapabilities: ['outcomes'],
  });
  expect(text).toMatch(/capability="queue".* 1$/m);
  expect(text).toMatch(/capability="tokens".* 0$/m);
  expect(text).not.toContain('outcomes');
});

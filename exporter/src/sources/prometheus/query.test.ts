import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { prometheusReader } from './samples';

const MIB = Buffer.alloc(1_048_576, ' ');

/** What both ways to ask say of such an answer, and how much of it was sent. */
async function said(answer: (response: Parameters<RequestListener>[1], sent: () => void) => void) {
  let mebibytes = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, () => (mebibytes += 1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reader = prometheusReader(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const words = (error: Error) => `${error.constructor.name}: ${error.message}`;
  const told = [await reader.answer('up', 1).catch(words), await reader.samples('up[1m]', 1).catch(words)];
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return { told, mebibytes };
}

const twice = (text: string) => [text, text];

it('reads no more than it may hold', async () => {
  const { told, mebibytes } = await said((response, sent) => {
    let left = 300;
    const more = () => {
      while (left-- > 0) {
        sent();
        if (!response.write(MIB)) return void response.once('drain', more);
      }
      response.end('{}');
    };
    more();
  });
  expect(told).toEqual(twice('PrometheusError: expected an answer of at most 64 MiB'));
  expect(mebibytes).toBeLessThan(2 * 150);
});

it('says that Prometheus does not answer, also where it ends in the middle', async () => {
  const { told } = await said((response) => {
    response.write('{"status":');
    response.destroy();
  });
  expect(told).toEqual([
    expect.stringMatching(/^PrometheusError: no Prometheus answers/),
    expect.stringMatching(/^PrometheusError: no Prometheus answers/),
  ]);
});

it('says what was expected in place of something else', async () => {
  const { told } = await said((response) => void response.end('{"status":"success","data":{"resultType":"scalar"}}'));
  expect(told).toEqual([
    expect.stringMatching(/^PrometheusError: expected samples, .*resultType/),
    expect.stringMatching(/^PrometheusError: expected samples, .*resultType/),
  ]);
});

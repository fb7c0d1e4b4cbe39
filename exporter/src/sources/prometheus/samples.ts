/** What the event log reads of Prometheus: what holds now, and samples as they were stored. */
import { decode } from '@modelwatch/contract';
import { asked, PrometheusError, prometheusQuery } from './query';

/** One of an answer, with its labels and samples. */
export interface StoredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly atSeconds: number; readonly value: number }[];
}

const TIMEOUT_MS = 30_000;

const decodeMatrix = decode.object({
  status: decode.oneOf(['success']),
  data: decode.object({
    resultType: decode.oneOf(['matrix']),
    result: decode.array(decode.object({ metric: decode.record(decode.string), values: decode.array(sample) })),
  }),
});

/** `[seconds, "number"]` */
function sample(value: unknown, path = ''): StoredSeries['samples'][number] {
  const [at, text] = Array.isArray(value) ? (value as unknown[]) : [];
  return { atSeconds: decode.number(at, `${path}[0]`), value: Number(decode.string(text, `${path}[1]`)) };
}

/** @param base address of Prometheus, which may hold user and password */
export function prometheusReader(base: string) {
  const url = new URL(base);
  const { username, password } = url;
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const headers: Record<string, string> = username === '' ? {} : { Authorization: `Basic ${basic}` };
  url.username = url.password = '';
  const address = url.href.replace(/\/+$/, '');
  const query = prometheusQuery(address, headers);
  return {
    /** Instant query, with what Prometheus warns of. @throws PrometheusError */
    answer: query,
    /** Samples of a selector with a range, as they were stored. @throws PrometheusError */
    samples: async (promql: string, atSeconds: number): Promise<readonly StoredSeries[]> => {
      const told = await asked(address, { headers, timeoutMs: TIMEOUT_MS, promql, atSeconds });
      try {
        const { data } = decodeMatrix(told);
        return data.result.map(({ metric, values }) => ({ labels: metric, samples: values }));
      } catch (error) {
        throw new PrometheusError(`expected samples, ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

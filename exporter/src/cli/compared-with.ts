/** What of a file a running exporter compares with nothing: nobody notices a misspelt name in a counter that nobody looks at. */
import { decodeModelMonitoring, preview } from '@modelwatch/contract';

const TIMEOUT_MS = 10_000;

/** Whose predictions were sent. */
export interface SentModel {
  readonly namespace: string;
  readonly model: string;
  readonly version: string | undefined;
}

/** Asks the read API. @returns warnings; none where it does not tell, as those who may post need not be those who may read */
export async function warningsOf(
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  sent: SentModel,
  columns: readonly string[]
): Promise<string[]> {
  const name = `${sent.namespace}/${sent.model}`;
  const path = `${encodeURIComponent(sent.namespace)}/${encodeURIComponent(sent.model)}`;
  try {
    const address = `${url}/api/v1/models/${path}/monitoring`;
    const answer = await fetch(address, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok && answer.status !== 404) return [];
    const references = answer.ok ? decodeModelMonitoring(await answer.json()).references : [];
    const own = references.find(({ version }) => version !== undefined && version === sent.version);
    const reference = own ?? references.find(({ version }) => version === undefined);
    if (!reference) {
      return [`no reference of ${name}: its predictions are counted and compared with nothing (docs/monitoring.md)`];
    }
    const known = new Set([...reference.features.map((each) => each.name), reference.target?.name]);
    const of = `of the reference of ${name}`;
    return [
      ...columns
        .filter((column) => !known.has(column))
        .map((column) => `column ${preview(column)} is no feature ${of}: it is compared with nothing`),
      ...reference.features
        .filter((each) => each.watched && !columns.includes(each.name))
        .map((each) => `feature ${preview(each.name)} ${of} is no column: it counts as missing`),
    ];
  } catch {
    // The predictions are counted: that is what was asked for.
    return [];
  }
}

/** How much of what was sent of a model is seen by what watches it. */
import { REFUSED_REQUEST_REASONS, type RefusedRequestReason } from '@modelwatch/contract';

/** Names of features that nobody watches, which are told in the API: a typo in a name is one, a name for each row is not. */
const MOST_NAMES = 20;
const MOST_CHARACTERS = 100;

export class Coverage {
  /** Rows of versions that no reference is compared with. */
  uncompared = 0;
  /** Rows without one of the watched features or more. */
  absentFeatures = 0;
  /** Rows with a feature that the reference does not have. */
  unknownFeatures = 0;
  /** Rows that those which were counted stand for: each for itself, or for as many as its share of the sample says. */
  represented = 0;
  /** Requests that were turned away unread, whose address names the model. */
  readonly refusedRequests = Object.fromEntries(REFUSED_REQUEST_REASONS.map((reason) => [reason, 0])) as Record<
    RefusedRequestReason,
    number
  >;
  readonly #unknown = new Map<string, number>();

  /** @param known names that are none of those */
  sawNames(features: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
    let isUnknown = false;
    for (const name in features) {
      if (known.has(name)) continue;
      isUnknown = true;
      this.#note(name.slice(0, MOST_CHARACTERS));
    }
    if (isUnknown) this.unknownFeatures += 1;
  }

  /** Names of features that the reference does not have, the first of them, with their rows. */
  get unknownNames(): readonly { readonly name: string; readonly rows: number }[] {
    return [...this.#unknown].map(([name, rows]) => ({ name, rows }));
  }

  /** The reference is another: what was unknown may be known now. */
  forgetNames(): void {
    this.#unknown.clear();
  }

  #note(name: string): void {
    const rows = this.#unknown.get(name);
    if (rows !== undefined || this.#unknown.size < MOST_NAMES) this.#unknown.set(name, (rows ?? 0) + 1);
  }
}

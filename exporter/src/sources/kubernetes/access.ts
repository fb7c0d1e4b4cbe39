/** What the ways to the API server have in common. */
import type { Dispatcher } from 'undici';

/** Everything for one request. The dispatcher is kept and shared until the trust or the certificate changes. */
export interface Access {
  /** Address of the API server without trailing slash; may hold a path prefix. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** Reads what is on disk or from a credential plugin; `trust` tells whether connections can be kept. */
export type AccessReader = () => Promise<{
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly trust: string;
  readonly connect: () => Dispatcher;
}>;

/** Connection set-up and response headers; bodies have limits of their own. */
export const AGENT_TIMEOUTS = { headersTimeout: 30_000, bodyTimeout: 0, connect: { timeout: 10_000 } };

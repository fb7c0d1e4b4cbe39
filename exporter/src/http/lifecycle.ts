/** POST /-/reload, as Prometheus has it: only where the configuration enables it. */
import type { Express, RequestHandler } from 'express';
import { HttpError } from './errors';

/** What became of a configuration that was read again. */
export type ReloadOutcome =
  /** Not a key was different. */
  | { readonly result: 'unchanged' }
  /** In force. `needsRestart`: keys that keep their old value until then. */
  | { readonly result: 'in-force'; readonly needsRestart: readonly string[] }
  /** Accepted; the one before answers until the sources are synced. */
  | { readonly result: 'pending'; readonly needsRestart: readonly string[] }
  /** The one before is still in force. */
  | { readonly result: 'refused'; readonly problems: readonly string[] };

export interface Lifecycle {
  readonly isEnabled: () => boolean;
  readonly reload: () => ReloadOutcome;
}

export function addLifecycle(app: Express, lifecycle: Lifecycle): void {
  const reload: RequestHandler = (_request, response) => {
    if (!lifecycle.isEnabled()) {
      throw new HttpError(403, 'not_enabled', 'web.enableLifecycle: expected true for a reload over HTTP, got false');
    }
    const outcome = lifecycle.reload();
    if (outcome.result === 'refused') throw new HttpError(500, 'refused', outcome.problems.join('\n'));
    response.json(outcome);
  };
  app.post('/-/reload', reload);
  app.put('/-/reload', reload);
  app.all('/-/reload', (request) => {
    const headers = { Allow: 'POST, PUT' };
    throw new HttpError(405, 'method_not_allowed', `${request.method} is not possible here: use POST.`, headers);
  });
}

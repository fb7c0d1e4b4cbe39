/** GET /livez and /readyz. Alive is: the event loop turns. Ready is: every required source is synced and fresh. */
import type { RequestHandler } from 'express';
import type { SourceView } from '../domain/source-book';
import type { Snapshot } from '../domain/fleet-interface';
import type { AppDeps } from './deps';
import { prefersJson } from './negotiate';
import { isAnonymous } from './web/guard';

export const livez: RequestHandler = (_request, response) => {
  response.type('text/plain').send('alive\n');
};

export function readyz(deps: Pick<AppDeps, 'snapshot'>): RequestHandler {
  return (request, response) => {
    const snapshot = deps.snapshot();
    response.status(snapshot.synced ? 200 : 503);
    if (isAnonymous(request)) {
      // The detail names models and pods.
      response.type('text/plain').send(snapshot.synced ? 'ready\n' : 'not ready\n');
    } else if (prefersJson(request.get('accept'))) {
      response.json({ ready: snapshot.synced, notSynced: notSynced(snapshot) });
    } else {
      response.type('text/plain').send(readyText(snapshot));
    }
  };
}

/** Sources that are not synced, and why. A kind that is not installed is no fault. */
export function notSynced(snapshot: Snapshot) {
  return snapshot.sources
    .filter(({ state }) => state !== 'synced' && state !== 'absent')
    .map(({ source, state, required, message }) => ({ source, state, required, why: message ?? whyOf(state) }));
}

function readyText(snapshot: Snapshot): string {
  const lines = notSynced(snapshot).map(
    ({ source, state, required, why }) => `${source}: ${state}${required ? '' : ' (not required)'}: ${why}`
  );
  if (snapshot.sources.length === 0) lines.push('no source has reported yet');
  return [snapshot.synced ? 'ready' : 'not ready', ...lines, ''].join('\n');
}

function whyOf(state: SourceView['state']): string {
  return state === 'syncing' ? 'the first list is not complete' : 'no sign of life for too long';
}

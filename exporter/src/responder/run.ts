/** Does what was decided: evidence, Lease, memory, the live object, a dry run by the API server, the act, a look at it. */
import { announce, eventOf } from './announce';
import { call, type Post } from './call';
import { createJob } from './create';
import type { Answer, Cluster } from './cluster';
import { candidateOf, heldBack, targetText } from './decide';
import { doubt, type Query } from './evidence';
import { isFull, noted, type Entry, type Journal } from './journal';
import type { Held, Lease } from './lease';
import { markOf, patchOf, pathOf, type Change, type Plan, type Value } from './patch';
import { rollingBack, shown } from './rollback';
import { scaling } from './scale';
import { shifting } from './traffic';
import { failed, refused, type CallAction, type Intent, type Outcome, type Settings } from './types';

export interface RunDeps {
  readonly cluster: Cluster;
  readonly lease: Lease;
  readonly query: Query | undefined;
  readonly post: Post;
  /** What a token file holds. Rejects with words. */
  readonly readToken: (file: string) => Promise<string>;
  /** What a template file holds. Rejects with words. */
  readonly readTemplate: (file: string) => Promise<string>;
  readonly settings: () => Settings;
  readonly nowSeconds: () => number;
  /** An Event of Kubernetes was written, or why not. */
  readonly onAnnounced: (problem: string | undefined) => void;
}

/** With what is told when it is over. */
export interface ActDeps extends RunDeps {
  /** The object that this is about, as it was read last. */
  readonly saw: (object: unknown) => void;
}

/** After a longer wait for the Lease what was evidence may not be so any more. */
const EVIDENCE_HOLDS_SECONDS = 15;
/** Others may write the object again and again; then they want something else. */
const MOST_TRIES = 3;

/** Never rejects for what others do wrong. */
export async function run(intent: Intent, deps: RunDeps): Promise<Outcome> {
  const askedSeconds = deps.nowSeconds();
  const doubtful = await doubt(intent, deps.query);
  if (doubtful) return refused(doubtful.reason, doubtful.text);
  let object: unknown;
  const act: ActDeps = { ...deps, saw: (seen) => (object = seen) };
  if (intent.mode === 'dry-run') return propose(intent, act);
  const outcome = await underLease(intent, act, askedSeconds);
  const event = eventOf(intent, object, outcome, deps.nowSeconds());
  if (event) deps.onAnnounced(await announce(deps.cluster, event));
  return outcome;
}

/** @param askedSeconds when there was evidence */
function underLease(intent: Intent, deps: ActDeps, askedSeconds: number): Promise<Outcome> {
  return deps.lease.during(async (held) => {
    const { settings, nowSeconds } = deps;
    if (held.paused || settings().paused) return refused('paused', 'the kill switch is on');
    const back = heldBack(intent, settings(), held.journal, nowSeconds());
    if (back) return refused(back.reason, back.text);
    if (isFull(noted(held.journal, entryOf(intent, 'begun', nowSeconds())))) {
      return refused('memory_full', 'the Lease has no room to remember one action more: nothing is done');
    }
    const isOld = nowSeconds() - askedSeconds > EVIDENCE_HOLDS_SECONDS;
    const doubtful = isOld ? await doubt(intent, deps.query) : undefined;
    if (doubtful) return refused(doubtful.reason, doubtful.text);
    const isBegun = held.journal.some(({ key, state }) => key === intent.key && state === 'begun');
    const change = changeOf(intent);
    if (change) return apply(change, intent, deps, held);
    if (intent.policy.action.type === 'job') return create(intent, deps, held);
    return callOut(intent, deps, held, isBegun);
  });
}

/** The same up to the API server's own dry run. */
async function propose(intent: Intent, deps: ActDeps): Promise<Outcome> {
  const change = changeOf(intent);
  if (change) return apply(change, intent, deps, undefined);
  const { action } = intent.policy;
  if (action.type === 'job') return create(intent, deps, undefined);
  const { url } = action as CallAction;
  return { result: 'proposed', reason: 'none', text: `would post to ${url}` };
}

/** Undefined for what is created or called. */
function changeOf({ policy: { action }, alert }: Intent): Change | undefined {
  if (action.type === 'scale') return scaling(action);
  if (action.type === 'rollback') return rollingBack(action);
  return action.type === 'traffic' ? shifting(action, candidateOf(action, alert)) : undefined;
}

function create(intent: Intent, deps: ActDeps, held: Held | undefined): Promise<Outcome> {
  return createJob(intent, deps, {
    held,
    begun: () => noted(held?.journal ?? [], entryOf(intent, 'begun', deps.nowSeconds())),
    close: (begun, outcome) => (held ? close(intent, deps, held, begun, outcome) : Promise.resolve(outcome)),
  });
}

function entryOf({ key, policy, target }: Intent, state: Entry['state'], atSeconds: number): Entry {
  return { key, policy: policy.name, target: targetText(target), atSeconds, state };
}

/** Notes how it ended. That this could not be written changes nothing of what was done: it is told with it. */
async function close(intent: Intent, deps: RunDeps, held: Held, begun: Journal, outcome: Outcome): Promise<Outcome> {
  const state = outcome.result === 'failed' ? 'failed' : 'acted';
  const problem = await held.save(noted(begun, entryOf(intent, state, deps.nowSeconds())));
  return problem
    ? { ...outcome, text: `${outcome.text} (and the Lease could not be written: ${problem.text})` }
    : outcome;
}

/** @param held absent: a dry run */
async function apply(change: Change, intent: Intent, deps: ActDeps, held: Held | undefined): Promise<Outcome> {
  const { cluster, nowSeconds } = deps;
  const path = pathOf(change.kind, intent.target);
  let begun: Journal | undefined;
  // What was not begun leaves no trace but its failure.
  const end = (outcome: Outcome) => {
    if (!held || (!begun && outcome.result !== 'failed')) return outcome;
    return close(intent, deps, held, begun ?? held.journal, outcome);
  };
  let conflict = '';
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const live = await cluster.get(path);
    if (live.kind !== 'ok') return end(withoutObject(live));
    deps.saw(live.object);
    const mark = markOf(live.object);
    if (mark?.key === intent.key) {
      // Whoever did it may have died, or heard nothing, before it could note that: cooldowns count from then.
      await held?.save(noted(held.journal, entryOf(intent, 'acted', mark.atSeconds)));
      return refused('duplicate', 'done before, as its annotation says');
    }
    const plan = change.plan(live.object);
    if (plan.kind === 'refuse') return end(refused(plan.refusal.reason, plan.refusal.text));
    if (plan.kind === 'unchanged')
      return end({ result: 'unchanged', reason: 'none', text: plan.text, before: plan.before });
    const { figure, before, after } = plan;
    const { key, policy } = intent;
    const atSeconds = nowSeconds();
    const ours = { key, policy: policy.name, atSeconds, before, after, traffic: figure.traffic };
    const patch = patchOf(live.object, figure, after, ours);
    const told = toldOf(plan);
    const tried = await cluster.patch(path, patch, true);
    if (tried.kind === 'conflict') {
      conflict = tried.text;
      continue;
    }
    if (tried.kind !== 'ok') return end(withoutObject(tried));
    if (!held) return { result: 'proposed', reason: 'none', ...told, text: `would go ${told.text}` };
    // For each try: a few slow ones outlast the Lease.
    begun = noted(held.journal, entryOf(intent, 'begun', nowSeconds()));
    const problem = await held.save(begun);
    if (problem) return problem;
    const done = await cluster.patch(path, patch, false);
    if (done.kind === 'conflict') {
      conflict = done.text;
      continue;
    }
    const { outcome, isKnown } = await verified(plan, path, intent, deps, done);
    // What may have been done stays begun: cooldowns and rates count it.
    return isKnown ? end(outcome) : outcome;
  }
  return end(failed('conflict', `others keep changing it: ${conflict}`));
}

function withoutObject(answer: Exclude<Answer, { kind: 'ok' }>): Outcome {
  if (answer.kind === 'failed') return answer.outcome;
  return failed(answer.kind === 'missing' ? 'not_found' : 'conflict', answer.text);
}

type Planned = Extract<Plan, { kind: 'change' }>;

function toldOf({ before, after, note }: Planned): { text: string; before: Value; after: Value } {
  const values = { before: shown(before), after: shown(after) };
  return { ...values, text: `from ${values.before} to ${values.after}${note === undefined ? '' : ` (${note})`}` };
}

/** What counts is what is there: an answer may get lost, and others may take back at once what was done. */
async function verified(
  plan: Planned,
  path: string,
  intent: Intent,
  { cluster, saw }: ActDeps,
  done: Answer
): Promise<{ readonly outcome: Outcome; readonly isKnown: boolean }> {
  const { figure, after } = plan;
  const { text, ...values } = toldOf(plan);
  const now = await cluster.get(path);
  if (now.kind === 'ok') saw(now.object);
  const isThere = now.kind === 'ok' && markOf(now.object)?.key === intent.key && figure.read(now.object) === after;
  if (isThere) return { outcome: { result: 'acted', reason: 'none', ...values, text: `went ${text}` }, isKnown: true };
  if (done.kind !== 'ok') {
    const outcome = withoutObject(done);
    if (outcome.reason !== 'unavailable') return { outcome, isKnown: true };
    // It may still be on its way.
    return { outcome: { ...outcome, text: `${outcome.text}: whether it was done is not known` }, isKnown: false };
  }
  if (now.kind !== 'ok') {
    const outcome = { ...failed('not_verified', 'it was accepted, and could not be read again'), ...values };
    return { outcome, isKnown: false };
  }
  const found = shown(figure.read(now.object) ?? 'none');
  const words = `it was accepted, and then there was ${found} in place of ${shown(after)}`;
  return { outcome: { ...failed('not_verified', words), ...values }, isKnown: true };
}

async function callOut(intent: Intent, deps: RunDeps, held: Held, isBegun: boolean): Promise<Outcome> {
  if (isBegun) return refused('unfinished', 'it was called before, and whether it was heard is not known');
  const { tokenFile } = intent.policy.action as CallAction;
  let token: string | undefined;
  try {
    token = tokenFile === undefined ? undefined : await deps.readToken(tokenFile);
  } catch (error) {
    return failed('unavailable', error instanceof Error ? error.message : String(error));
  }
  const begun = noted(held.journal, entryOf(intent, 'begun', deps.nowSeconds()));
  const problem = await held.save(begun);
  if (problem) return problem;
  const { kind, outcome } = await call(intent, deps.post, token);
  return kind === 'unknown' ? outcome : close(intent, deps, held, begun, outcome);
}

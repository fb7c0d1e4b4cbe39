/**
 * The serving state of an entity: an ordered list of pure rules over facts. The first rule with a verdict wins, so the
 * order is the precedence; each entry says why it stands where it stands.
 */
import {
  SERVING_REASONS,
  causeText,
  reasonSentence,
  type ServingReason,
  type ServingState,
} from '@modelwatch/contract';
import { cutText, type Cause, type EndpointFact, type ServingFacts } from './facts';
import type { Verdict } from './views';

export interface ServingRule {
  readonly name: string;
  readonly why: string;
  readonly decide: (facts: ServingFacts) => Verdict | undefined;
}

export const SERVING_RULES: readonly ServingRule[] = [
  {
    name: 'source silent',
    why: 'What a dead watch last said proves nothing, neither good nor bad.',
    decide: (facts) =>
      facts.source && !facts.source.fresh
        ? { state: 'stale', reasons: [{ reason: 'source_silent', text: silentText(facts) }] }
        : undefined,
  },
  {
    name: 'not watched',
    why: 'Events tell what a model predicts, not whether it answers: nobody will ever say more of its serving.',
    decide: (facts) => (facts.notWatched ? verdict('unknown', facts, [{ reason: 'not_watched' }]) : undefined),
  },
  {
    name: 'never seen',
    why: 'Before anybody said anything there is no verdict; absence of bad news is not good news.',
    decide: neverSeen,
  },
  {
    name: 'terminating',
    why: 'What goes away on purpose fails on its way out; that is no failure.',
    decide: (facts) => (facts.deleting ? verdict('progressing', facts, [{ reason: 'terminating' }]) : undefined),
  },
  {
    name: 'intended zero',
    why: 'Zero replicas on purpose looks like an outage to every rule below.',
    decide: (facts) => (facts.intendedZero ? verdict('idle', facts, [{ reason: facts.intendedZero }]) : undefined),
  },
  {
    name: 'no way to it',
    why: 'Ready replicas help nobody whose requests do not reach them.',
    decide: (facts) => (facts.fatal ? verdict('failed', facts, [facts.fatal, ...facts.causes]) : undefined),
  },
  {
    name: 'no replica',
    why: 'A failure outranks progress: a crash loop is "progressing" for ever.',
    decide: noReplica,
  },
  {
    name: 'loading',
    why: 'Before the first replica is up its endpoints need not answer, so this precedes the probes.',
    decide: loading,
  },
  {
    name: 'no endpoint',
    why: 'Probes outrank the controller: Ready while nothing answers is the classic wrong green.',
    decide: noEndpoint,
  },
  {
    name: 'partly available',
    why: 'A cause that was measured outranks an ordinary rollout, which has none.',
    decide: partlyFailed,
  },
  {
    name: 'rolling out',
    why: 'An older revision serves meanwhile; fewer ready replicas are part of it.',
    decide: (facts) =>
      facts.declared === 'progressing' ? verdict('progressing', facts, [{ reason: 'rolling_out' }]) : undefined,
  },
  {
    name: 'parts unconfirmed',
    why: 'What rests on something that nobody hears of cannot be known to serve.',
    decide: (facts) => facts.unconfirmed && verdict(facts.unconfirmed.state, facts, [facts.unconfirmed.cause]),
  },
  { name: 'replicas missing', why: 'Serves, with less than was asked for.', decide: replicasMissing },
  { name: 'endpoints missing', why: 'Kubernetes calls them ready; they do not answer.', decide: endpointsMissing },
  {
    name: 'serving',
    why: 'Only what is confirmed now: declared ready on a live watch, or by an endpoint that answers.',
    decide: confirmed,
  },
];

export function decide(facts: ServingFacts, rules: readonly ServingRule[] = SERVING_RULES): Verdict {
  for (const rule of rules) {
    const result = rule.decide(facts);
    if (result) return withAwaited(result, facts);
  }
  return withAwaited(undecided(facts), facts);
}

/** No rule has a verdict: nothing was written yet, or nothing that we understand. */
function undecided(facts: ServingFacts): Verdict {
  const reason = facts.hasStatus ? 'unknown_status' : 'no_status';
  const detail = facts.hasStatus ? facts.oddStatus : facts.endpoints.find(({ cause }) => cause)?.cause?.detail;
  return {
    state: 'unknown',
    reasons: [{ reason, text: detail ? `${causeText(reason)} (${cutText(detail)})` : causeText(reason) }],
  };
}

/** What does not come up, does not go, or says nothing, may wait for something that is down: that is said with it. */
function withAwaited(result: Verdict, facts: ServingFacts): Verdict {
  const { awaits } = facts;
  if (!awaits || (result.state !== 'progressing' && result.state !== 'unknown')) return result;
  const told = { reason: awaits.reason, text: causeWords(awaits, { ...facts, replicas: {} }) };
  const reasons = [...result.reasons.filter(({ reason }) => reason !== awaits.reason), told];
  return {
    state: result.state,
    reasons: reasons.sort((a, b) => SERVING_REASONS.indexOf(a.reason) - SERVING_REASONS.indexOf(b.reason)),
  };
}

/** Reasons worst first (the order of the closed list), each once, each with its words. */
function verdict(state: ServingState, facts: ServingFacts, causes: readonly Cause[]): Verdict {
  const byReason = new Map<ServingReason, Cause>();
  for (const entry of causes) {
    const known = byReason.get(entry.reason);
    // Which of two details is told must not depend on the order in which pods were listed.
    if (!known || (entry.detail ?? '') > (known.detail ?? '')) byReason.set(entry.reason, entry);
  }
  const sorted = [...byReason.values()].sort(
    (a, b) => SERVING_REASONS.indexOf(a.reason) - SERVING_REASONS.indexOf(b.reason)
  );
  return { state, reasons: sorted.map((entry) => ({ reason: entry.reason, text: causeWords(entry, facts) })) };
}

function causeWords(entry: Cause, facts: ServingFacts): string {
  let sentence = reasonSentence(entry.reason, facts.replicas);
  if (entry.reason === 'out_of_memory' && facts.whileLoading) {
    sentence = sentence.replace(causeText('out_of_memory'), `${causeText('out_of_memory')} while loading`);
  }
  return entry.detail ? `${sentence} (${entry.detail})` : sentence;
}

function silentText(facts: ServingFacts): string {
  const at = facts.source?.lastContactSeconds;
  const time = new Date((at ?? NaN) * 1000);
  const known = !Number.isNaN(time.getTime());
  const since = known ? ` since ${time.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
  const last = facts.lastState === undefined ? '' : `; last seen ${facts.lastState}`;
  return `${causeText('source_silent')}${since}${last}`;
}

function neverSeen(facts: ServingFacts): Verdict | undefined {
  if (facts.hasStatus || facts.everAnswered || facts.deleting || facts.intendedZero) return undefined;
  if (facts.source && (facts.causes.length > 0 || facts.fatal)) return undefined;
  const detail = facts.endpoints.find((endpoint) => endpoint.cause)?.cause?.detail;
  const words = facts.source ? causeText('no_status') : 'Never seen: no probe was answered yet';
  return { state: 'unknown', reasons: [{ reason: 'no_status', text: detail ? `${words} (${detail})` : words }] };
}

const SERVED: readonly (ServingState | undefined)[] = ['serving', 'degraded', 'failed'];

function noReplica(facts: ServingFacts): Verdict | undefined {
  const { available } = facts.replicas;
  const down = available === 0 && (facts.declared === 'ready' || facts.causes.length > 0);
  const failed = facts.declared === 'failed' && (available === undefined || available === 0);
  // Nobody declares it failed or starting: what served before has lost its replicas, what never served is starting.
  const lost = available === 0 && facts.declared === 'none' && SERVED.includes(facts.lastState);
  if (!down && !failed && !lost) return undefined;
  return verdict('failed', facts, facts.causes.length > 0 ? facts.causes : [{ reason: 'no_replicas_available' }]);
}

function loading(facts: ServingFacts): Verdict | undefined {
  const none = facts.replicas.available === undefined || facts.replicas.available === 0;
  const underWay = facts.declared === 'progressing' || (facts.declared === 'none' && facts.oddStatus === undefined);
  return underWay && none && !facts.servesMeanwhile
    ? verdict('progressing', facts, [{ reason: 'loading' }])
    : undefined;
}

interface Tally {
  readonly serving: number;
  readonly loading: number;
  readonly silent: number;
  readonly down: number;
  readonly pending: number;
  readonly causes: readonly Cause[];
}

function tally(endpoints: readonly EndpointFact[]): Tally {
  const count = (state: EndpointFact['state']) => endpoints.filter((endpoint) => endpoint.state === state).length;
  const causes = endpoints.flatMap((endpoint) => {
    if (endpoint.state === 'silent') return [{ reason: 'probe_silent' } as const];
    return endpoint.state === 'down' && endpoint.cause ? [endpoint.cause] : [];
  });
  return {
    serving: count('serving'),
    loading: count('loading'),
    silent: count('silent'),
    down: count('down'),
    pending: count('pending'),
    causes,
  };
}

function noEndpoint(facts: ServingFacts): Verdict | undefined {
  const seen = tally(facts.endpoints);
  if (seen.serving + seen.pending > 0) return undefined;
  if (seen.loading > 0) return verdict('progressing', facts, [{ reason: 'loading' }]);
  if (seen.down > 0) return verdict('failed', facts, [...seen.causes, ...facts.causes]);
  if (seen.silent > 0) return verdict('stale', facts, [{ reason: 'probe_silent' }]);
  return undefined;
}

function partlyFailed(facts: ServingFacts): Verdict | undefined {
  const causes = [...facts.causes, ...(facts.impaired ?? [])];
  if (facts.declared !== 'failed' && causes.length === 0) return undefined;
  return verdict('degraded', facts, causes.length > 0 ? causes : [{ reason: 'other' }]);
}

function replicasMissing(facts: ServingFacts): Verdict | undefined {
  const { desired, available } = facts.replicas;
  // With none at all it does not serve; what else it does, a status that nobody understands does not tell.
  if (desired === undefined || !available || available >= desired) return undefined;
  return verdict('degraded', facts, [{ reason: 'replicas_unavailable' }]);
}

function endpointsMissing(facts: ServingFacts): Verdict | undefined {
  const seen = tally(facts.endpoints);
  if (seen.serving + seen.pending >= facts.expectedEndpoints || seen.causes.length === 0) return undefined;
  return verdict('degraded', facts, seen.causes);
}

function confirmed(facts: ServingFacts): Verdict | undefined {
  if (facts.declared !== 'ready') return undefined;
  const byWatch = facts.source?.fresh === true;
  const byProbe = facts.endpoints.some((endpoint) => endpoint.state === 'serving');
  return byWatch || byProbe ? { state: 'serving', reasons: [] } : undefined;
}

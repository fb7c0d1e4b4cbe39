/** Creates a Job or a Workflow; that there is one of its name already means that it was done before. */
import type { Answer } from './cluster';
import { folderOf, isOurs, jobName, jobOf, parseTemplate } from './job';
import type { Journal } from './journal';
import type { Held } from './lease';
import type { ActDeps } from './run';
import { failed, refused, type Intent, type JobAction, type Outcome } from './types';

export interface Noting {
  /** Absent: a dry run. */
  readonly held: Held | undefined;
  readonly begun: () => Journal;
  readonly close: (begun: Journal, outcome: Outcome) => Promise<Outcome>;
}

export async function createJob(intent: Intent, deps: ActDeps, { held, begun, close }: Noting): Promise<Outcome> {
  const { cluster, nowSeconds, readTemplate } = deps;
  const { kind, templateFile } = intent.policy.action as JobAction;
  const folder = folderOf(kind, intent.target.namespace);
  const name = jobName(intent);
  const end = (outcome: Outcome) =>
    held && outcome.result === 'failed' ? close(held.journal, outcome) : Promise.resolve(outcome);
  let object: object;
  try {
    object = jobOf(parseTemplate(await readTemplate(templateFile), kind), intent, nowSeconds());
  } catch (error) {
    return end(failed('rejected', `${templateFile}: ${error instanceof Error ? error.message : String(error)}`));
  }
  /** Undefined where there is none. */
  const existing = async (): Promise<Outcome | 'unknown' | undefined> => {
    const found = await cluster.get(`${folder}/${name}`);
    if (found.kind !== 'ok') return found.kind === 'missing' ? undefined : 'unknown';
    deps.saw(found.object);
    return isOurs(found.object, intent)
      ? refused('duplicate', `done before: ${kind} ${name} is there`)
      : failed('conflict', `another ${kind} ${name} is there`);
  };
  const tried = await cluster.create(folder, object, true);
  if (tried.kind === 'conflict') {
    const there = await existing();
    return end(typeof there === 'object' ? there : failed('conflict', tried.text));
  }
  if (tried.kind !== 'ok') return end(notCreated(tried));
  if (!held) return { result: 'proposed', reason: 'none', text: `would create ${kind} ${name}` };
  const journal = begun();
  const problem = await held.save(journal);
  if (problem) return problem;
  const done = await cluster.create(folder, object, false);
  const there = await existing();
  if (typeof there === 'object' && there.reason === 'duplicate') {
    // Whoever created it meanwhile, or whose answer was lost: it is there once.
    return close(journal, { result: 'acted', reason: 'none', text: `created ${kind} ${name}` });
  }
  if (done.kind === 'ok') {
    // What may be there stays begun: cooldowns and rates count it.
    if (there === 'unknown') return failed('not_verified', `${kind} ${name} was accepted, and could not be read again`);
    return close(journal, failed('not_verified', `${kind} ${name} was accepted, and then it was not there`));
  }
  if (typeof there === 'object') return close(journal, there);
  const outcome = notCreated(done);
  if (outcome.reason !== 'unavailable') return close(journal, outcome);
  return { ...outcome, text: `${outcome.text}: whether it was created is not known` };
}

function notCreated(answer: Exclude<Answer, { kind: 'ok' }>): Outcome {
  if (answer.kind === 'failed') return answer.outcome;
  return failed(answer.kind === 'missing' ? 'not_found' : 'conflict', answer.text);
}

/** What the schedulers said last, and whether each is still heard: of one that fell silent nothing counts. */
import {
  SCHEDULER_SUBJECTS,
  type SchedulerExperiment,
  type SchedulerModel,
  type SchedulerPipeline,
  type SchedulerServer,
  type SchedulerSubject,
  type SchedulerWord,
} from './words';

interface Scheduler {
  heard: boolean;
  readonly words: { readonly [Of in SchedulerSubject]: Map<string, Extract<SchedulerWord, { of: Of }>> };
}

/** Something of which a word came, went, or does not count any more. */
export interface SchedulerNews {
  readonly of: SchedulerSubject;
  readonly namespace: string;
  readonly name: string;
}

export class SchedulerBook {
  private readonly schedulers = new Map<string, Scheduler>();

  /** @param isHeard whether the scheduler of the namespace is heard now */
  constructor(private readonly isHeard: (namespace: string) => boolean) {}

  /** @returns whether it is another word than the last one */
  told(namespace: string, word: SchedulerWord): boolean {
    const words = this.of(namespace).words[word.of] as Map<string, SchedulerWord>;
    const before = words.get(word.name);
    words.set(word.name, word);
    // Lists that are asked for again say the same nearly always.
    return before === undefined || JSON.stringify(before) !== JSON.stringify(word);
  }

  forgot(namespace: string, of: SchedulerSubject, name: string): boolean {
    return this.of(namespace).words[of].delete(name);
  }

  /** @returns all that the schedulers said whose silence began or ended */
  refresh(): readonly SchedulerNews[] {
    const news: SchedulerNews[] = [];
    for (const [namespace, scheduler] of this.schedulers) {
      const heard = this.isHeard(namespace);
      if (heard === scheduler.heard) continue;
      scheduler.heard = heard;
      for (const of of SCHEDULER_SUBJECTS) {
        for (const name of scheduler.words[of].keys()) news.push({ of, namespace, name });
      }
    }
    return news;
  }

  model(namespace: string, name: string): SchedulerModel | undefined {
    return this.heard(namespace)?.model.get(name);
  }

  server(namespace: string, name: string): SchedulerServer | undefined {
    return this.heard(namespace)?.server.get(name);
  }

  pipeline(namespace: string, name: string): SchedulerPipeline | undefined {
    return this.heard(namespace)?.pipeline.get(name);
  }

  experiment(namespace: string, name: string): SchedulerExperiment | undefined {
    return this.heard(namespace)?.experiment.get(name);
  }

  private heard(namespace: string): Scheduler['words'] | undefined {
    const scheduler = this.schedulers.get(namespace);
    return scheduler?.heard ? scheduler.words : undefined;
  }

  private of(namespace: string): Scheduler {
    const known = this.schedulers.get(namespace);
    if (known) return known;
    const words = { server: new Map(), model: new Map(), pipeline: new Map(), experiment: new Map() };
    const created = { heard: this.isHeard(namespace), words };
    this.schedulers.set(namespace, created);
    return created;
  }
}

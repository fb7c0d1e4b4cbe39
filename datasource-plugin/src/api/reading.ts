import type { DataFrame, DataQueryError } from '@grafana/data';
import type { PartName } from '../query/parts';
import { errorText, type PartAnswer } from './prometheus';

/** Reads the parts of one answer and keeps the errors of those that failed. */
export class Reading {
  private readonly messages = new Map<string, Set<string>>();

  constructor(
    private readonly answers: ReadonlyMap<string, PartAnswer>,
    private readonly refId: string
  ) {}

  /** What the part holds, or undefined when it failed or is not what was asked for. */
  part<T>(name: PartName, read: (frames: DataFrame[], answer: string) => T): T | undefined {
    const answer = this.answers.get(name);
    if (!answer) return undefined;
    try {
      if ('error' in answer) throw new Error(answer.error);
      return read(answer.frames, name);
    } catch (error) {
      const text = errorText(error);
      this.messages.set(text, (this.messages.get(text) ?? new Set<string>()).add(name));
      return undefined;
    }
  }

  /** One error per cause, however many parts it has hit. */
  errors(): DataQueryError[] {
    return [...this.messages].map(([message, parts]) => ({
      refId: this.refId,
      message: `${message} (${[...parts].join(', ')})`,
    }));
  }
}

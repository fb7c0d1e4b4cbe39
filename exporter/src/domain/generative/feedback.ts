/** Feedback on the answers of one model, by version. */
import { FEEDBACK_VERDICTS, type FeedbackVerdict } from '@modelwatch/contract';
import { countedVersion } from '../events/versions';
import { tallyOf, type Tally } from './counts';

export class FeedbackCounts {
  readonly versions = new Map<string, Tally<FeedbackVerdict>>();

  count(version: string, verdict: FeedbackVerdict): void {
    const name = countedVersion(version, this.versions.keys());
    const tally = this.versions.get(name) ?? tallyOf(FEEDBACK_VERDICTS);
    this.versions.set(name, tally);
    tally.values[verdict] += 1;
  }
}

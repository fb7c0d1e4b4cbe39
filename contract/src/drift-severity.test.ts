import { driftSeverity } from './drift-severity';
import { driftSentence } from './reasons';

describe('which of what drifted is named first', () => {
  it('is what matters, then what is furthest over by what it carries', () => {
    const worstFirst = [
      { score: 0.5, critical: 0.25, importance: 0.4, weight: 'high' as const },
      { score: 0.3, critical: 0.25, importance: 0.4 },
      { score: 0.9, critical: 0.25, importance: 0.1, weight: 'high' as const },
      { critical: 0.25 },
      { score: 9, critical: 0.25, weight: 'low' as const },
    ];
    const severities = worstFirst.map(driftSeverity);
    expect(severities).toEqual([...severities].sort((a, b) => b - a));
    expect(new Set(severities).size).toBe(worstFirst.length);
  });

  it('takes what nobody gave an importance as all of the model', () => {
    const subject = { score: 0.3, critical: 0.25 };
    expect(driftSeverity(subject)).toBe(driftSeverity({ ...subject, importance: 1 }));
  });
});

describe('the sentence of drift', () => {
  const figures = { subject: 'feature', feature: 'f', method: 'psi', window: '1d', threshold: 0.25 } as const;
  it.each([
    [0.31, 'f drifted: PSI 0.31 over 24 h, threshold 0.25'],
    [0.25, 'f drifted: PSI 0.25 over 24 h, threshold 0.25'],
    [0.24, 'f drifted: PSI 0.24 over 24 h, still above 0.225'],
    [0.2, 'f drifted: PSI 0.20 over 24 h'],
  ])('of %d never claims a limit that the score is not over', (score, sentence) => {
    expect(driftSentence({ ...figures, score })).toBe(sentence);
  });
});

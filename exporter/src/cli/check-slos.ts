/** Objectives of a configuration and its files in words: what they promise, leave and alert on, at a traffic. */
import { ConfigError } from '../config/refusals';
import type { Config } from '../config/schema';
import { clashesOfQueries } from '../domain/slo/clashes';
import { isPerMinute, type DeclaredSlo, type SloSpec } from '../domain/slo/spec';
import { burnTiers } from '../domain/slo/tiers';
import { budgetWords, objectiveWords, pagingWords } from '../domain/slo/words';
import { configuredSlos, readSloText } from '../slo-document';
import { readText } from '../sources/references/files';

export interface SloCheck {
  /** Those with PromQL of their owner. */
  readonly queried: readonly DeclaredSlo[];
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

/** @param perSecond requests that an objective is explained at */
export function checkSlos(config: Pick<Config, 'slos' | 'sloFiles'>, perSecond: number): SloCheck {
  const { declared, problems } = declaredSlos(config);
  const clashes = clashesOfQueries(declared).map(({ place, text }) => `${place}: ${text}`);
  return {
    queried: declared.filter(({ spec }) => spec.query !== undefined),
    lines: declared.flatMap((one) => explained(one, perSecond)),
    problems: [...problems, ...clashes],
  };
}

/** All that a configuration declares without asking Kubernetes, and why something of it is not. */
export function declaredSlos({ slos, sloFiles }: Pick<Config, 'slos' | 'sloFiles'>): {
  readonly declared: readonly DeclaredSlo[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const ofFiles = [...new Set(sloFiles)].flatMap((file) => {
    const found = readText(file);
    if ('problem' in found) {
      problems.push(`${file}: ${found.problem}`);
      return [];
    }
    try {
      return readSloText(found.text, file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  return { declared: [...configuredSlos(slos), ...ofFiles], problems };
}

function explained({ spec, place, warnings }: DeclaredSlo, perSecond: number): string[] {
  const { tiers, warnings: ofTiers } = burnTiers({ ...spec, perMinute: isPerMinute(spec) });
  return [
    `${place}: ${spec.name}, ${objectiveWords(spec)}, of ${subjectWords(spec)}`,
    ...[
      budgetWords(spec, perSecond),
      ...tiers.map((tier) => pagingWords(tier, spec, perSecond)),
      ...[...warnings, ...ofTiers].map((warning) => `warning: ${warning}`),
    ].map((line) => `  ${line}`),
  ];
}

/** `models payments/*, owner team-a`. */
function subjectWords({ subject, selector }: SloSpec): string {
  const { namespaces = ['*'], names = ['*'], platform, owner, importance } = selector;
  const named = namespaces.flatMap((namespace) => names.map((name) => `${namespace}/${name}`));
  const all = named.every((one) => one === '*/*') ? `all ${subject}` : `${subject} ${named.join(' ')}`;
  const rest = Object.entries({ platform, owner, importance }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${value}`]
  );
  return [all, ...rest].join(', ');
}

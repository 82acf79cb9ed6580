import type { Case } from './case.ts';
import type { SubjectTraits } from './subject-traits.ts';

type Tables = Pick<SubjectTraits, 'tables'>;

/**
 * The same case for another subject: options that name the events' table or the head's name those of the other one. What
 * the case then shows is for the other's traits to predict.
 */
export function carryOver(trial: Case, from: Tables, to: Tables): Case {
  const names = new Map([
    [from.tables.events, to.tables.events],
    [from.tables.head, to.tables.head],
  ]);
  const renamed = (word: string): string => {
    const [, option, name = ''] = /^(--(?:exclude-)?table(?:-data)?=)(.*)$/s.exec(word) ?? [];
    return option === undefined ? word : `${option}${names.get(name) ?? name}`;
  };
  const withNames = <P extends Case['dump'] | Case['restore']>(plan: P): P =>
    plan.options === undefined ? plan : { ...plan, options: plan.options.map(renamed) };
  return { ...trial, dump: withNames(trial.dump), restore: withNames(trial.restore) };
}

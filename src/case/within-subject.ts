import { isDeepStrictEqual } from 'node:util';
import type { Case, DumpPlan, RestorePlan, Target } from './case.ts';
import type { SubjectTraits } from './subject-traits.ts';

/**
 * The case without what cannot be predicted for a subject: another encoding where its definitions have characters
 * beyond ASCII, a prepared target where it cannot be installed twice, data dumped apart from the schema where they meet
 * triggers of another kind than those of the built-in subject, or leave materialized views empty. The same case where nothing of that is in it.
 */
export function withinSubject(trial: Case, { installed }: SubjectTraits): Case {
  if (!installed) return trial;
  const encoded = installed.wideDefinitions ? withoutEncodings(trial) : trial;
  const prepares = installed.again && installed.usualTriggers;
  const unprepared = prepares ? encoded : { ...encoded, target: without(encoded.target, 'prepared') };
  const apart = installed.usualTriggers && !installed.materializedViews;
  const within = apart ? unprepared : { ...unprepared, dump: wholeAgain(unprepared.dump) };
  return isDeepStrictEqual(within, trial) ? trial : within;
}

function withoutEncodings(trial: Case): Case {
  return {
    ...trial,
    dump: withoutEncoding(trial.dump),
    restore: withoutEncoding(trial.restore),
    target: without(trial.target, 'encoding'),
  };
}

function withoutEncoding<P extends DumpPlan | RestorePlan>(plan: P): P {
  const { PGCLIENTENCODING: _, ...environment } = plan.environment ?? {};
  const options = plan.options?.filter((word) => !/^(?:--encoding=|-E)/.test(word));
  return {
    ...plan,
    ...(plan.options === undefined ? {} : { options }),
    ...(plan.environment === undefined ? {} : { environment }),
  };
}

/** Schema and data in one dump. */
function wholeAgain(dump: DumpPlan): DumpPlan {
  if (dump.parts !== 'schema-and-data') return dump;
  const { parts: _, ...rest } = dump;
  return rest;
}

function without(target: Target, key: 'encoding' | 'prepared'): Target {
  if (target.kind === 'wiped') return target;
  const { [key]: _, ...rest } = target;
  return rest;
}

import fc from 'fast-check';
import type { DumpFormat, DumpPlan } from './case.ts';
import { DUMP_FORMATS } from './case.ts';
import { chance, drawObject, oneOf, someOf, sometimes } from './chance.ts';
import { drawEnvironment } from './draw-environment.ts';
import type { PlanFeature, PlanSwarm } from './draw-plan-swarm.ts';
import { harmlessDumpOptions, knowsRestrictKey } from './harmless-options.ts';
import type { SubjectTraits } from './subject-traits.ts';
import type { World } from './world.ts';

/** Options that leave out part of what the chain needs. */
const filters = ({ tables: { events, head } }: SubjectTraits): readonly (readonly string[])[] => [
  ['--schema=public'],
  ['--table=audit_*'],
  [`--table=${events}`],
  [`--exclude-table=${head}`],
  [`--exclude-table-data=${head}`],
  [`--exclude-table-data=${events}`],
  ['--exclude-schema=public'],
  ['--schema-only'],
];

/** What is asked for where the target has the subject already. */
const intoPrepared = ({ tables: { head } }: SubjectTraits): readonly (readonly string[])[] => [
  [],
  ['--data-only'],
  ['--data-only', `--exclude-table-data=${head}`],
  ['--data-only', '--inserts', '--on-conflict-do-nothing'],
];

/** Encodings that a dump can be asked for in place of the server's own; those that hold ASCII and some of the rest come last. */
const ANY_TEXT = ['GB18030', 'SQL_ASCII', 'LATIN1', 'LATIN9', 'WIN1252'];
const ASCII_TEXT = [...ANY_TEXT, 'EUC_JP', 'SJIS'];

/** What of the workload decides which plans make sense. */
export interface TextNeeds {
  /** Whether all text is ASCII: whether the other characters exist in Japanese encodings is not known here. */
  readonly ascii: boolean;
}

/**
 * What pg_dump is asked for, within what the tools at hand can do.
 * @param swarm the features that may appear
 */
export function drawDumpPlan(world: World, swarm: PlanSwarm, text: TextNeeds): fc.Arbitrary<DumpPlan> {
  return oneOf(DUMP_FORMATS).chain((format) => {
    const when = <T>(
      feature: PlanFeature,
      percent: number,
      value: fc.Arbitrary<T>,
    ): fc.Arbitrary<T | undefined> =>
      swarm.has(feature) ? sometimes(percent, value) : fc.constant(undefined);
    return drawObject<DumpPlan>({
      format: fc.constant(format),
      compress:
        format === 'tar' ? fc.constant(undefined) : when('compress', 75, drawCompression(world, format)),
      jobs: format === 'directory' ? when('dump-jobs', 80, oneOf([1, 2, 3, 4])) : fc.constant(undefined),
      rows: when('rows', 80, oneOf(['inserts', 'column-inserts', 1, 2, 7, 1000] as const)),
      parts: swarm.has('data-only')
        ? fc.constant('schema-and-data' as const)
        : when('parts', 70, fc.constant('sections' as const)),
      options: drawOptions(world, swarm, format),
      environment: when('dump-environment', 80, drawEnvironment('dump')),
    })
      .map((plan) => ({ ...plan, format }))
      .chain((plan) => drawEncoding(swarm, text).map((encode) => encode(plan)));
  });
}

function drawCompression({ compression, tools }: World, format: DumpFormat): fc.Arbitrary<string> {
  const levels = compression.includes('gzip') ? ['0', '1', '6', '9'] : ['0'];
  if (tools.major < 16) return oneOf(levels);
  // A plain dump is unpacked for psql, which is done for gzip only.
  const methods = compression.filter((method) => format !== 'plain' || method === 'gzip');
  return oneOf([...levels, 'none', ...methods.flatMap((method) => METHODS[method] ?? [method])]);
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  gzip: ['gzip', 'gzip:1', 'gzip:9'],
  lz4: ['lz4', 'lz4:1', 'lz4:9'],
  zstd: ['zstd', 'zstd:3', 'zstd:19', 'zstd:level=1'],
};

function drawOptions(
  world: World,
  swarm: PlanSwarm,
  format: DumpFormat,
): fc.Arbitrary<readonly string[] | undefined> {
  const harmless = swarm.has('dump-options') ? drawHarmless(world, format) : fc.constant([]);
  const filter = swarm.has('filters') ? oneOf(filters(world.subject)) : fc.constant([]);
  const dataOnly = swarm.has('prepared') ? oneOf(intoPrepared(world.subject)) : fc.constant([]);
  // pg_dump heeds it in a script; in an archive it is for pg_restore to say.
  const triggers = swarm.has('prepared') || swarm.has('data-only');
  const off = triggers ? chance(format === 'plain' && world.superuser ? 50 : 0) : fc.constant(false);
  return fc.tuple(harmless, filter, dataOnly, off).map(([words, ...added]) => {
    const [chosen, only, disabled] = added;
    const all = [...words, ...chosen, ...only, ...(disabled ? ['--disable-triggers'] : [])];
    return all.length === 0 ? undefined : [...new Set(all)];
  });
}

/** The encoding is asked for by the option or by the environment, which mean the same (manual, pg_dump, --encoding). */
function drawEncoding(swarm: PlanSwarm, { ascii }: TextNeeds): fc.Arbitrary<(plan: DumpPlan) => DumpPlan> {
  if (!swarm.has('other-encoding')) return fc.constant((plan) => plan);
  return fc
    .tuple(oneOf(ascii ? ASCII_TEXT : ANY_TEXT), chance(30))
    .map(([encoding, byEnvironment]) => (plan) => {
      const options = (plan.options ?? []).filter((word) => !/^(?:--encoding=|-E)/.test(word));
      if (!byEnvironment) return { ...plan, options: [...options, `--encoding=${encoding}`] };
      const environment = { ...plan.environment, PGCLIENTENCODING: encoding };
      const { options: _, ...rest } = plan;
      return { ...rest, ...(options.length === 0 ? {} : { options }), environment };
    });
}

function drawHarmless(world: World, format: DumpFormat): fc.Arbitrary<string[]> {
  const families = harmlessDumpOptions(world.tools);
  const restrictKey =
    format === 'plain' && knowsRestrictKey(world.tools) ? [['--restrict-key=restoreproof']] : [];
  return someOf([...families, ...restrictKey], 5).chain((chosen) =>
    fc.tuple(...chosen.map((words) => oneOf(words))),
  );
}

import fc from 'fast-check';
import type { FreshTarget, Target } from './case.ts';
import { drawObject, oneOf, sometimes } from './chance.ts';
import { DATE_STYLES, ZONES } from './draw-environment.ts';
import type { PlanSwarm } from './draw-plan-swarm.ts';
import type { World } from './world.ts';

/** Server encodings other than UTF8. The locales C and POSIX fit them all. */
const ANY_TEXT = ['LATIN1', 'SQL_ASCII', 'WIN1252', 'LATIN9'];
const ASCII_TEXT = [...ANY_TEXT, 'EUC_JP', 'KOI8R'];
export const ICU_LOCALES = ['und', 'en-US', 'de-DE'] as const;
/** The major version since which a database can have a collation of ICU. */
export const ICU_SINCE = 15;

/** What the rest of the case demands of its target. */
export interface TargetNeeds {
  /** The restore makes the database, which is then named like the source. */
  readonly made: boolean;
  /** The restore may find the subject there, because it drops it first. */
  readonly prepared: boolean;
  /** Whether all text is ASCII: whether the other characters exist in Japanese or Cyrillic encodings is not known here. */
  readonly ascii: boolean;
}

/**
 * Where the restore goes, within what the server can create.
 * @param swarm the features that may appear
 */
export function drawTarget(world: World, swarm: PlanSwarm, needs: TargetNeeds): fc.Arbitrary<Target> {
  if (needs.made) return fc.constant({ kind: 'wiped' });
  const fresh = ['fresh', 'prepared', 'target-encoding'] as const;
  if (!fresh.some((feature) => swarm.has(feature))) return fc.constant({ kind: 'wiped' });
  return drawPlace(world, swarm, needs).chain((place) =>
    drawObject<Pick<FreshTarget, 'settings' | 'prepared'>>({
      settings: drawSettings(swarm),
      prepared: fc
        .constant(swarm.has('prepared'))
        .chain((always) => sometimes(always ? 100 : needs.prepared ? 70 : 0, fc.constant(true))),
    }).map((rest) => ({ kind: 'fresh' as const, ...place, ...rest })),
  );
}

type Place = Pick<FreshTarget, 'encoding' | 'provider' | 'locale'>;

function drawPlace(world: World, swarm: PlanSwarm, { ascii }: TargetNeeds): fc.Arbitrary<Place> {
  if (swarm.has('target-encoding')) {
    return oneOf(ascii ? ASCII_TEXT : ANY_TEXT).map((encoding) => ({
      encoding,
      provider: 'libc' as const,
      locale: 'C',
    }));
  }
  if (!swarm.has('collation')) return oneOf<Place>([{}, { encoding: 'UTF8' }]);
  const libc = world.locales
    .filter(fitsUtf8)
    .map((locale): Place => ({ encoding: 'UTF8', provider: 'libc', locale }));
  const icu = world.icu && world.server.major >= ICU_SINCE ? ICU_LOCALES : [];
  return oneOf<Place>([
    ...libc,
    ...icu.map((locale): Place => ({ encoding: 'UTF8', provider: 'icu', locale })),
  ]);
}

/** A libc locale belongs to one encoding, as its name tells; C and POSIX to all. */
function fitsUtf8(locale: string): boolean {
  return ['C', 'POSIX'].includes(locale) || /\.utf-?8\b/i.test(locale);
}

function drawSettings(swarm: PlanSwarm): fc.Arbitrary<Readonly<Record<string, string>> | undefined> {
  if (!swarm.has('settings')) return fc.constant(undefined);
  return drawObject<Record<string, string>>({
    TimeZone: sometimes(45, oneOf(ZONES)),
    DateStyle: sometimes(45, oneOf(DATE_STYLES)),
    IntervalStyle: sometimes(30, oneOf(['sql_standard', 'postgres_verbose', 'iso_8601'])),
    extra_float_digits: sometimes(30, oneOf(['-15', '0', '3'])),
    bytea_output: sometimes(15, fc.constant('escape')),
    standard_conforming_strings: sometimes(10, fc.constant('off')),
    search_path: sometimes(10, fc.constant('public')),
  }).map((settings) =>
    Object.keys(settings).length === 0 ? undefined : (settings as Record<string, string>),
  );
}

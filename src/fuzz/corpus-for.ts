import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { upgradeOf } from '../case/upgrade-case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { Engine } from '../postgres/engine.ts';
import { hasServersOf } from './between-servers.ts';
import type { CorpusEntry } from './fuzz-plan.ts';
import type { Property } from './property.ts';

/**
 * Of the corpus what these servers can be asked for. Between two of them the fixed cycle goes from one to the other.
 * @param between the property by which that is judged
 * @param world the engine's
 */
export function corpusFor(
  corpus: readonly CorpusEntry[],
  { engine, other }: { readonly engine: Engine; readonly other?: Engine | undefined },
  between: Property,
  world: World,
): readonly CorpusEntry[] {
  if (!other) return corpus.filter(({ trial }) => !trial.upgrade && canMakeTarget(trial, world));
  const trial = upgradeOf(smokeCase(), engine.serverVersion.major, other.serverVersion.major);
  return [
    { file: 'the fixed cycle', trial, property: between },
    ...corpus.filter(({ trial: { upgrade } }) => upgrade && hasServersOf(upgrade, engine, other)),
  ];
}

/** A database with a collation of ICU's is of 15 and newer, and of a server that was built with it. */
function canMakeTarget({ target }: Case, { server, icu }: World): boolean {
  return !(target.kind === 'fresh' && target.provider === 'icu') || (icu && server.major >= 15);
}

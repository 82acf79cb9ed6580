import type { FreshTarget } from '../case/case.ts';
import type { CreateDatabaseOptions, DatabaseLocale } from '../postgres/create-database.ts';

/**
 * What to ask of CREATE DATABASE for a fresh target. What the target leaves out is template0's, and so the same as in the
 * source, which is made from it too. An encoding needs a locale that goes with it: `C` goes with each.
 */
export function targetDatabase({ encoding, provider, locale, settings }: FreshTarget): CreateDatabaseOptions {
  return {
    label: 'target',
    encoding,
    locale: provider === 'icu' ? icuLocale(locale) : { provider, locale },
    settings,
  };
}

/** `und` is the root locale. LC_COLLATE and LC_CTYPE have to go with the encoding even under ICU (manual, 24.2.2.3.2). */
function icuLocale(locale = 'und'): DatabaseLocale {
  return { provider: 'icu', icuLocale: locale, locale: 'C' };
}

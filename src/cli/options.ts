import { InvalidArgumentError, Option, type Command, type OptionValues } from '@commander-js/extra-typings';
import { CATALOG_KINDS, type CatalogKind } from '../snapshot/catalog/kinds.ts';
import { BUILT_IN_NAMES } from '../subject/built-in-names.ts';
import type { Terminal } from './terminal.ts';
import { ENGINES } from '../postgres/engine.ts';
import type { EngineChoice } from '../postgres/open-engine.ts';
import type { ServersChoice } from '../postgres/open-servers.ts';

/** How many cases a run tries that is told neither a number nor a time. */
export const USUAL_CASES = 300;
/** Drawn cases on which `selftest` tries a mutant until it has struck one, unless told otherwise. */
export const USUAL_SELFTEST_CASES = 20;

/** A whole number within bounds, for an option's value. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most} is wanted.`);
  };
}

/** A number above zero, fractions allowed, for an option's value. */
export function positiveNumber(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+(\.\d+)?$/.test(value) && number > 0 && number <= most) return number;
    throw new InvalidArgumentError(`a number above 0, at most ${most}, is wanted.`);
  };
}

const engineOption = new Option('--engine <name>', 'how the server is had')
  .choices(ENGINES)
  .default('auto' as const);
const urlOption = new Option(
  '--url <url>',
  'postgres://… of a server to use; databases named restoreproof_… are made and dropped there, no other is touched',
);
const pgOption = new Option('--pg <major>', 'PostgreSQL major version to use').argParser(wholeNumber(13, 99));
const pgBinOption = new Option(
  '--pg-bin <dir>',
  'directory of pg_dump, pg_restore, psql, initdb and postgres',
);
const fromOption = new Option(
  '--from <ref>',
  'dump from this server and restore into that of --to: an image, local:MAJOR, or a URL',
);
const toOption = new Option('--to <ref>', 'the server to restore into, of another version');
const imageOption = new Option(
  '--image <ref>',
  'run server and client tools in a container of this image (Docker or Podman)',
);
const noDownloadOption = new Option(
  '--no-download',
  'do not fetch PostgreSQL where none is installed (Debian, Ubuntu)',
);

export const waitOption = new Option('--wait <seconds>', 'how long to wait for a server of --url to answer')
  .argParser(wholeNumber(0, 86_400))
  .default(60);

/** How long a trial of the size that fuzz draws may take. */
export const USUAL_TRIAL_SECONDS = 60;

export const trialTimeoutOption = new Option(
  '--trial-timeout <seconds>',
  'how long a trial may take before it is given up, without a verdict',
)
  .argParser(wholeNumber(1, 86_400))
  .default(USUAL_TRIAL_SECONDS);

export const reportOption = new Option(
  '--report <dir>',
  'write what the run showed as report.json, junit.xml and index.html',
);

export const subjectOption = new Option(
  '--subject <name|file>',
  `the audited schema: ${BUILT_IN_NAMES.join(', ')}, or a YAML or JSON file that describes one`,
).conflicts(['migrations']);
export const migrationsOption = new Option(
  '--migrations <dir>',
  'NNNNNN_name.up.sql files that bring the audited schema, instead of the built-in one',
);

/** For the commands that only read a database. */
export const databaseUrlOption = new Option('--url <url>', 'postgres://… of the database to read');
export const environmentEngineOption = new Option(
  '--engine <name>',
  '`server` takes DATABASE_URL or the PG* variables where --url is not given',
).choices(['server'] as const);
export const exemptOption = new Option(
  '--exempt <kind...>',
  'catalog objects not to compare: `owner` after --no-owner, `grant` after --no-acl, …',
)
  .choices(CATALOG_KINDS)
  .default([] as CatalogKind[], 'none');

export const pipelineOption = new Option(
  '--pipeline <file>',
  'commands of your own for dump, wipe and restore, in YAML or JSON, in the place of drawn plans',
);

/** Told the exit code of the command that ran. */
export type Finish = (exitCode: number) => void;

/**
 * The options by which a command comes to its server. The type is written out: to derive it for the declarations takes
 * the compiler minutes.
 */
export function withEngine<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
): Command<A, O & Omit<EngineOptions, 'trialTimeout'>> {
  const whole: Command<A, OptionValues> = command
    .addOption(engineOption)
    .addOption(urlOption)
    .addOption(pgOption)
    .addOption(pgBinOption)
    .addOption(imageOption)
    .addOption(noDownloadOption)
    .addOption(waitOption);
  return whole as Command<A, O & Omit<EngineOptions, 'trialTimeout'>>;
}

interface EngineOptions {
  readonly engine: EngineChoice['engine'];
  readonly url?: string | undefined;
  readonly pg?: number | undefined;
  readonly pgBin?: string | undefined;
  readonly image?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly download: boolean;
  readonly wait: number;
  readonly trialTimeout?: number | undefined;
}

/** The engine options as `openEngine` takes them. */
export function engineChoice(options: EngineOptions, terminal: Terminal): ServersChoice {
  const { engine, url, pg, pgBin, image, from, to, download, wait, trialTimeout } = options;
  return {
    engine,
    url,
    pgMajor: pg,
    pgBin,
    image,
    from,
    to,
    download,
    waitMilliseconds: wait * 1000,
    trialMilliseconds: trialTimeout === undefined ? undefined : trialTimeout * 1000,
    signal: terminal.signal,
    say: terminal.say,
  };
}

/** The same, or two servers to go between. */
export function withServers<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return withEngine(command).addOption(fromOption).addOption(toOption);
}

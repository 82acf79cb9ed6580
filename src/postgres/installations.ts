import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

/** The programs of one PostgreSQL version on this machine. */
export interface Installation {
  /** Directory of the programs, without symbolic links. */
  readonly directory: string;
  readonly version: Version;
  /** Where it was found: `--pg-bin`, `PATH`, `pg_config`, `Debian directories`, … */
  readonly source: string;
  /** Directory of the libpq that belongs to it, where the loader would not find that by itself. */
  readonly libraryPath?: string;
  /** The programs of `PROGRAMS` that are not there; empty where a server can be started from it. */
  readonly missing: string[];
}

export interface Search {
  /** Look in this directory only. */
  readonly pgBin?: string | undefined;
  /** Taken for PATH, and given to the programs that are asked for their version. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'] as const;

/** `*` stands for one part of a name. */
const USUAL_DIRECTORIES: readonly (readonly [source: string, pattern: string])[] = [
  ['Debian directories', '/usr/lib/postgresql/*/bin'],
  ['RPM directories', '/usr/pgsql-*/bin'],
  ['RPM directories', '/usr/lib64/pgsql*/bin'],
  ['RPM directories', '/usr/lib64/pgsql/postgresql-*/bin'],
  ['SUSE directories', '/usr/lib/postgresql*/bin'],
  ['Alpine directories', '/usr/libexec/postgresql*'],
  ['source build', '/usr/local/pgsql*/bin'],
  ['Homebrew', '/opt/homebrew/opt/postgresql*/bin'],
  ['Homebrew', '/usr/local/opt/postgresql*/bin'],
  ['Homebrew', '/home/linuxbrew/.linuxbrew/opt/postgresql*/bin'],
  ['Postgres.app', '/Applications/Postgres.app/Contents/Versions/*/bin'],
];

const QUESTION_MILLISECONDS = 10_000;

/**
 * The PostgreSQL installations of this machine, newest first; those of one version in the order of the search:
 * PATH, pg_config, the usual directories. One without server programs is listed too, with `missing`.
 *
 * @throws UsageError where `pgBin` holds no PostgreSQL programs, or none that run
 */
export async function findInstallations(search: Search = {}): Promise<Installation[]> {
  const environment = search.environment ?? process.env;
  if (search.pgBin !== undefined) return [await installationGiven(search.pgBin, environment)];
  const sources = new Map<string, string>();
  for (const { source, directory } of await candidates(environment)) {
    const home = await homeOfPrograms(directory);
    if (home !== undefined && !sources.has(home)) sources.set(home, source);
  }
  const inspected = await Promise.all(
    [...sources].map(([home, source]) => inspect(home, source, environment)),
  );
  return inspected
    .flatMap((each) => (each instanceof Error ? [] : [each]))
    .sort((a, b) => compareVersions(b.version, a.version));
}

/**
 * The newest installation with all programs, of version `major` where that is given.
 *
 * @param installations as `findInstallations` lists them, newest first
 * @throws UsageError where there is none
 */
export function chooseInstallation(
  installations: readonly Installation[],
  { major }: { major?: number | undefined } = {},
): Installation {
  const fitting = installations.filter(({ version }) => major === undefined || version.major === major);
  const chosen = fitting.find(({ missing }) => missing.length === 0);
  if (chosen) return chosen;
  const wanted = major === undefined ? 'PostgreSQL' : `PostgreSQL ${major}`;
  const [incomplete] = fitting;
  if (incomplete) {
    throw new UsageError({
      what: `${wanted} is here without all programs that a throwaway server takes`,
      why: `${incomplete.directory} has no ${incomplete.missing.join(', ')}`,
      next: `install the server package (Debian: postgresql-${incomplete.version.major}), or give --pg-bin DIR of a whole installation`,
    });
  }
  const others = installations.map(({ version, directory }) => `${version.text} in ${directory}`);
  const [newest] = installations;
  throw new UsageError({
    what: `no ${wanted} was found on this machine`,
    why: newest
      ? `found only ${others.join(', ')}`
      : 'looked in PATH, asked pg_config, and looked in the usual directories',
    next: newest
      ? `install it, give --pg-bin DIR where it is, or ask for --pg ${newest.version.major}`
      : 'install PostgreSQL with its server programs, or give --pg-bin DIR where it is',
  });
}

async function installationGiven(pgBin: string, environment: NodeJS.ProcessEnv): Promise<Installation> {
  const next = 'give --pg-bin the directory that holds pg_dump and postgres, e.g. /usr/lib/postgresql/17/bin';
  const directory = resolve(pgBin);
  const home = await homeOfPrograms(directory);
  if (home === undefined) {
    const isThere = await stat(directory).catch(() => undefined);
    const wrapped = await realpath(join(directory, 'pg_dump')).catch(() => '');
    throw new UsageError({
      what: `--pg-bin ${pgBin} holds no PostgreSQL programs`,
      why: !isThere
        ? 'there is no such directory'
        : wrapped
          ? `its pg_dump is ${wrapped}, which picks a version by itself`
          : 'neither pg_dump nor postgres is there',
      next,
    });
  }
  const inspected = await inspect(home, '--pg-bin', environment);
  if (!(inspected instanceof Error)) return inspected;
  if (inspected instanceof NoVerdictError) throw inspected;
  throw new UsageError({
    what: `the programs in --pg-bin ${pgBin} do not run`,
    why: inspected.message,
    next: 'mend the installation, or give another --pg-bin',
    cause: inspected.cause,
  });
}

async function candidates(environment: NodeJS.ProcessEnv): Promise<{ source: string; directory: string }[]> {
  // An empty part of PATH means the working directory, which is no place to take programs from.
  const parts = (environment['PATH'] ?? '').split(delimiter).filter((part) => part.startsWith('/'));
  // /bin is /usr/bin on most systems, and neither is asked twice.
  const path = new Set(await Promise.all(parts.map((part) => realpath(part).catch(() => part))));
  const answers = await Promise.all([...path].map((directory) => askForPrograms(directory, environment)));
  const configured = answers.flat();
  const usual: { source: string; directory: string }[] = [];
  for (const [source, pattern] of USUAL_DIRECTORIES) {
    for (const directory of await expand(pattern)) usual.push({ source, directory });
  }
  return [
    ...[...path].map((directory) => ({ source: 'PATH', directory })),
    ...configured.map((directory) => ({ source: 'pg_config', directory })),
    ...usual,
  ];
}

/** Where the pg_config of a directory says that the programs are, if there is one. */
async function askForPrograms(directory: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const program = join(directory, 'pg_config');
  const answer = (await isProgram(program)) && (await ask(program, ['--bindir'], environment));
  return typeof answer === 'string' ? [answer] : [];
}

/** The directories a pattern with one `*` stands for. */
async function expand(pattern: string): Promise<string[]> {
  const parts = pattern.split('/');
  const index = parts.findIndex((part) => part.includes('*'));
  const parent = parts.slice(0, index).join('/');
  const [before = '', after = ''] = (parts[index] ?? '').split('*');
  const names = await readdir(parent).catch(() => []);
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .map((name) => join(parent, name, ...parts.slice(index + 1)));
}

/**
 * The directory in which the programs found in `directory` really are: Homebrew and RPM link to them one by one. Where
 * one of them is somewhere else than the others, a wrapper for one, it is the directory itself.
 * Undefined where there are none, or only links to Debian's pg_wrapper, a script that picks a version per call.
 */
async function homeOfPrograms(directory: string): Promise<string | undefined> {
  for (const name of ['pg_dump', 'postgres']) {
    if (!(await isProgram(join(directory, name)))) continue;
    const real = await realpath(join(directory, name));
    if (basename(real) === WRAPPER) continue;
    const home = dirname(real);
    const linked = (await isProgram(join(home, name))) && !(await hasOthers(directory, home));
    return linked ? home : realpath(directory);
  }
  return undefined;
}

const WRAPPER = 'pg_wrapper';

/** Whether a directory has programs that are not those of `home`. */
async function hasOthers(directory: string, home: string): Promise<boolean> {
  const found = await Promise.all(
    PROGRAMS.map((name) => realpath(join(directory, name)).catch(() => undefined)),
  );
  return found.some((real) => real !== undefined && basename(real) !== WRAPPER && dirname(real) !== home);
}

/** An error, whose message is the program's first line, where the version could not be read. */
async function inspect(
  directory: string,
  source: string,
  environment: NodeJS.ProcessEnv,
): Promise<Installation | Error> {
  const missing: string[] = [];
  for (const program of PROGRAMS) {
    if (!(await isProgram(join(directory, program)))) missing.push(program);
  }
  const libraryPath = await ownLibraryPath(directory);
  const program = join(directory, missing.includes('pg_dump') ? 'postgres' : 'pg_dump');
  const loader = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
  const answer = await ask(program, ['--version'], { ...environment, ...loader });
  if (answer instanceof Error) return answer;
  const version = parseVersion(answer);
  if (!version) {
    return new NoVerdictError({
      what: `${program} does not say which version it is`,
      why: `--version printed ${JSON.stringify(firstLine(answer))}`,
      next: 'mend the installation, or give another --pg-bin',
    });
  }
  return { directory, version, source, missing, ...(libraryPath === undefined ? {} : { libraryPath }) };
}

/**
 * Where the libpq of an installation is, when it lies outside of what the Linux loader searches anyway:
 * beside the programs (RPM, source build), or in the tree of a Debian package that was unpacked elsewhere.
 */
async function ownLibraryPath(directory: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const lib = resolve(directory, '../../..');
  const names = basename(lib) === 'lib' ? await readdir(lib).catch(() => []) : [];
  const multiarch = names.filter((name) => name.includes('-linux-')).map((name) => join(lib, name));
  for (const place of [resolve(directory, '../lib'), resolve(directory, '../lib64'), ...multiarch]) {
    const searchedAnyway = /^(\/usr)?\/lib(64)?(\/[^/]*-linux-[^/]*)?$/.test(place);
    if (!searchedAnyway && (await stat(join(place, 'libpq.so.5')).catch(() => undefined))) return place;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function ask(program: string, argv: string[], environment: NodeJS.ProcessEnv): Promise<string | Error> {
  const env = { ...environment, LC_ALL: 'C' };
  return await new Promise((answer) => {
    execFile(program, argv, { env, timeout: QUESTION_MILLISECONDS }, (cause, stdout, stderr) => {
      const line = stderr.split('\n', 1)[0] || (cause && firstLine(cause));
      answer(cause ? new Error(line || `${program} failed`, { cause }) : stdout.trim());
    });
  });
}

import { execa } from 'execa';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { installAdvice } from './install-advice.ts';
import type { Environment } from './package-cache.ts';

/** apt-get with state of its own in `directory`; sources, keys, proxies and pins are the system's. */
export interface PrivateApt {
  readonly directory: string;
  /** The dpkg status file that says what need not be fetched. */
  readonly dpkgStatus: string;
  readonly environment: Environment;
  readonly signal: AbortSignal | undefined;
}

export interface PackagePlan {
  /** The major version that the distribution's `postgresql` package stands for. */
  readonly major: number;
  /** As apt-get takes them: `libpq5=15.18-0+deb12u1`. */
  readonly packages: readonly string[];
  /** Size of the download. */
  readonly bytes: number;
}

/**
 * What a system's configuration would do on top: run hooks against the system's own apt cache, and fetch
 * descriptions, icons and sources. Only a file can clear a list; `-c` is read after all of /etc/apt.
 */
const CLEARED = [
  'APT::Update::Pre-Invoke',
  'APT::Update::Post-Invoke',
  'APT::Update::Post-Invoke-Success',
  'AptCli::Hooks',
  'Acquire::IndexTargets::deb-src',
  'Acquire::IndexTargets::deb::CNF',
  'Acquire::IndexTargets::deb::Contents-deb',
  'Acquire::IndexTargets::deb::DEP-11',
  'Acquire::IndexTargets::deb::DEP-11-icons',
  'Acquire::IndexTargets::deb::DEP-11-icons-small',
  'Acquire::IndexTargets::deb::DEP-11-icons-hidpi',
];

/** apt-get gives up on a silent server by itself, but waits for ever where the disk fills under its lists. */
const LIMIT_MILLISECONDS = 20 * 60 * 1000;

const CANNOT = 'PostgreSQL could not be fetched';

/** What runs the server: its two packages and libraries. */
const NEEDED = /^(postgresql-(client-)?\d+|lib.+|zlib1g)$/;

/**
 * Dependencies that the server runs without, half of the download: LLVM (only its JIT compiler, see
 * `removeUnused`) with Z3, and Perl (Debian's cluster scripts). A libc that does not match the system's loader would
 * break every program, so the system's own is used.
 */
const NOT_NEEDED = /^(libllvm.+|libz3-.+|libperl.+|lib.+-perl|libc6.*|libc-.+)$/;

/** Fresh package lists, and what is to be fetched by them. Nothing of the system is written to. */
export async function planPackages(apt: PrivateApt): Promise<PackagePlan> {
  await mkdir(join(apt.directory, 'state/lists/partial'), { recursive: true });
  await mkdir(join(apt.directory, 'cache/archives/partial'), { recursive: true });
  await mkdir(join(apt.directory, 'packages'), { recursive: true });
  await writeFile(clearingFile(apt), CLEARED.map((name) => `#clear ${name};\n`).join(''));
  const update = await run(apt, 'apt-get', ['update', '-q']);
  // A source that cannot be reached is a warning to apt; it explains why a package is not known afterwards.
  const shown = await run(apt, 'apt-cache', ['show', '--no-all-versions', 'postgresql'], update.stderr);
  const major = /^Depends:.*\bpostgresql-(\d+)/m.exec(shown.stdout)?.[1];
  if (major === undefined) {
    throw await failed(`${CANNOT}: the package \`postgresql\` names no server version`, shown.stdout);
  }
  const install = ['install', '--reinstall', '--print-uris', '-qq', '-y', '--no-install-recommends'];
  const wanted = [`postgresql-${major}`, `postgresql-client-${major}`];
  const listed = await run(apt, 'apt-get', [...install, ...wanted], update.stderr);
  const plan = readPlan(listed.stdout);
  // Without lists, packages that are installed here are known and yet cannot be fetched.
  if (!wanted.every((name) => plan.packages.some((entry) => entry.startsWith(`${name}=`)))) {
    throw await failed(
      `${CANNOT}: apt-get finds no source of ${wanted.join(' and ')}`,
      `${update.stderr}\n${listed.stderr}`,
    );
  }
  return { major: Number(major), ...plan };
}

/**
 * Reads what `apt-get --print-uris` prints, one `'URI' NAME_VERSION_ARCHITECTURE.deb BYTES HASH` per package,
 * and keeps what the server needs.
 */
export function readPlan(printed: string): Omit<PackagePlan, 'major'> {
  const found = [...printed.matchAll(/^'[^']*' ([^_\s]+)_([^_\s]+)_[^_\s]+\.deb (\d+)/gm)].flatMap(
    ([, name = '', version = '', bytes = '']) =>
      NEEDED.test(name) && !NOT_NEEDED.test(name)
        ? [{ entry: `${name}=${decodeURIComponent(version)}`, bytes: Number(bytes) }]
        : [],
  );
  return {
    packages: found.map(({ entry }) => entry),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Downloads the planned packages, which apt checks against its signed lists, and unpacks them into `tree`. */
export async function fetchPackages(apt: PrivateApt, plan: PackagePlan, tree: string): Promise<void> {
  const directory = join(apt.directory, 'packages');
  await run(apt, 'apt-get', ['download', '-q', ...plan.packages]);
  const files = (await readdir(directory)).filter((name) => name.endsWith('.deb'));
  if (files.length < plan.packages.length) {
    throw await failed(
      'apt-get fetched fewer packages than planned',
      `${files.length} of ${plan.packages.length}`,
    );
  }
  await mkdir(tree);
  for (const file of files) await run(apt, 'dpkg-deb', ['-x', join(directory, file), tree]);
  await removeUnused(tree, plan.major);
}

/**
 * The JIT compiler goes together with LLVM: PostgreSQL does without a missing `llvmjit.so` (jit/jit.c,
 * provider_init), but one that does not find its library fails the query. Translations and manuals are bulk.
 */
async function removeUnused(tree: string, major: number): Promise<void> {
  const libraries = `usr/lib/postgresql/${major}/lib`;
  const unused = ['llvmjit.so', 'llvmjit_types.bc', 'bitcode'].map((name) => join(libraries, name));
  for (const path of [...unused, 'usr/share/locale', 'usr/share/man']) {
    await rm(join(tree, path), { recursive: true, force: true });
  }
}

async function run(
  apt: PrivateApt,
  program: 'apt-get' | 'apt-cache' | 'dpkg-deb',
  argv: readonly string[],
  earlier = '',
): Promise<{ stdout: string; stderr: string }> {
  const result = await execa(program, program === 'dpkg-deb' ? argv : [...options(apt), ...argv], {
    // `apt-get download` writes into the working directory.
    cwd: join(apt.directory, 'packages'),
    env: { ...apt.environment, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: LIMIT_MILLISECONDS,
    ...(apt.signal ? { cancelSignal: apt.signal } : {}),
  });
  apt.signal?.throwIfAborted();
  if (result.exitCode === 0) return result;
  const what = `${CANNOT}: ${program} ${program === 'dpkg-deb' ? '-x' : argv[0]} failed`;
  if (result.timedOut)
    throw await failed(what, `it did not end within ${LIMIT_MILLISECONDS / 60_000} minutes`);
  if (result.exitCode === undefined && result.signal === undefined) {
    throw new UsageError({ what, why: firstLine(result), next: await installAdvice(), cause: result });
  }
  throw await failed(what, `${earlier}\n${result.stderr}`);
}

/** Options beat all of /etc/apt. Authentication is insisted on even where the system was told to go without. */
function options(apt: PrivateApt): string[] {
  const settings = [
    `Dir::State=${join(apt.directory, 'state')}`,
    `Dir::State::lists=${join(apt.directory, 'state/lists')}`,
    `Dir::State::status=${apt.dpkgStatus}`,
    `Dir::Cache=${join(apt.directory, 'cache')}`,
    `Dir::Cache::archives=${join(apt.directory, 'cache/archives')}`,
    // Nobody else uses this state, and nobody but root may lock.
    'Debug::NoLocking=true',
    'APT::Get::AllowUnauthenticated=false',
    'Acquire::AllowInsecureRepositories=false',
    'Acquire::AllowDowngradeToInsecureRepositories=false',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
  ];
  return ['-c', clearingFile(apt), ...settings.flatMap((setting) => ['-o', setting])];
}

function clearingFile(apt: PrivateApt): string {
  return join(apt.directory, 'clear.conf');
}

async function failed(what: string, output: string): Promise<NoVerdictError> {
  return new NoVerdictError({ what, why: tellingLine(output), next: await installAdvice() });
}

/** Of what apt and dpkg-deb print, the line that says why: a failed fetch, else the first error, else the last line. */
export function tellingLine(output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^[EW]: Failed to fetch/.test(line)) ??
    lines.find((line) => line.startsWith('E: ') || line.includes('error: ')) ??
    lines.findLast((line) => line !== '')
  );
}

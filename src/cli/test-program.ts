import { execa } from 'execa';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { builtPackage } from '../test-build.ts';

/** Less than a test has, so that it is seen which run did not end. */
const HANGS_MILLISECONDS = 240_000;

/** What one run of the program left behind. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly out: string[];
  readonly err: string[];
}

/** A run of the program that goes on. */
interface Running {
  kill(signal: NodeJS.Signals): void;
  /** Resolves as soon as the program has printed some words, on either stream. */
  printed(words: string): Promise<void>;
  /** Closes our end of its standard output. */
  stopReading(): void;
  readonly ended: Promise<Ended>;
}

/** A working directory and a temporary directory of the program's own, so that one sees what it leaves behind. */
export interface Home extends AsyncDisposable {
  readonly directory: string;
  readonly temporary: string;
  start(
    argv: readonly string[],
    environment?: Readonly<Record<string, string>>,
    under?: readonly string[],
  ): Promise<Running>;
  /** `under` is a command that runs the program: its words come first. */
  run(
    argv: readonly string[],
    environment?: Readonly<Record<string, string>>,
    under?: readonly string[],
  ): Promise<Ended>;
  /** Files in the temporary directory, and processes that work in it. */
  leftovers(): Promise<string[]>;
}

/** The built program, as a stranger has it who types its name in an empty directory. */
export async function home(): Promise<Home> {
  const program = await builtProgram();
  // Where the shared server is: memory, if there is plenty.
  const root = mkdtempSync(join(dirname(dirname(inject('server').settings.host)), 'cli-'));
  const [directory, temporary] = [join(root, 'work'), join(root, 'tmp')];
  for (const each of [directory, temporary]) mkdirSync(each);
  // Under root the server runs as another user.
  for (const each of [root, temporary]) chmodSync(each, 0o755);
  const start: Home['start'] = (argv, environment = {}, under = []) => {
    const env = { ...passedOn(), TMPDIR: temporary, PGPASSFILE: '/nowhere', ...environment };
    return Promise.resolve(running([...under, process.execPath, program, ...argv], { cwd: directory, env }));
  };
  return {
    directory,
    temporary,
    start,
    run: async (argv, environment, under) => (await start(argv, environment, under)).ended,
    leftovers: async () => [...readdirSync(temporary), ...(await processesAt(temporary))],
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(root, { recursive: true, force: true })),
  };
}

/** Nothing of the caller's that a connection or a colour could come from. */
function passedOn(): Record<string, string> {
  return Object.fromEntries(
    ['PATH', 'HOME', 'XDG_CACHE_HOME'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function running(
  [program = '', ...argv]: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Running {
  const child = execa(program, argv, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    all: true,
    lines: true,
    stdin: 'ignore',
    // SIGTERM would end it with code 3, as if there were no verdict.
    timeout: HANGS_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  let text = '';
  child.all.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    kill: (signal) => void child.kill(signal),
    printed: async (words) => {
      while (!text.includes(words)) {
        if (child.exitCode !== null) throw new Error(`ended without printing ${words}:\n${text}`);
        await sleep(2);
      }
    },
    stopReading: () => void child.stdout.destroy(),
    ended: child.then(({ exitCode, stdout, stderr }) => ({ exitCode, out: stdout, err: stderr })),
  };
}

async function builtProgram(): Promise<string> {
  const root = await builtPackage();
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    bin: { restoreproof: string };
  };
  return join(root, bin.restoreproof);
}

async function processesAt(directory: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'args'], { lines: true });
  return stdout.filter((line) => line.includes(directory));
}

/** The URL of a database of the test run's server. */
export function sharedUrl(database = 'postgres'): string {
  const { host, port, user } = inject('server').settings;
  return `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
}

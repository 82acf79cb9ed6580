import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { NoVerdictError } from '../errors.ts';
import { DEFAULT_TIMEOUT_MILLISECONDS, timedOut } from './client-tools.ts';
import type { ClientTools, ToolOptions, ToolRun } from './client-tools.ts';
import { shellWord } from '../text/shell-word.ts';
import { LIFELINE, type Container, type RunningProgram } from './container.ts';
import type { Version } from './version.ts';

/**
 * Takes orders line by line: `run NAME` and `kill NAME`, where NAME is a directory of the current one. One process for
 * all tools: an exec of the engine takes ten times as long as the start of a program. Each tool leads a group, which is
 * killed as a whole. Ends with its standard input, and lets the container end with it.
 */
const FOREMAN = `
exec 3>${LIFELINE}
cd "$1" || exit
echo ready
while read -r verb job; do
  case $verb in
    run) (setsid sh "$job/command" >"$job/stdout" 2>"$job/stderr" 3>&-; echo "ended $job $?") & ;;
    kill) kill -9 "-$(cat "$job/pid")" ;;
  esac
done`;

export interface ContainerToolsOptions {
  readonly container: Container;
  readonly version: Version;
  /** Where the programs are, inside. */
  readonly directory: string;
  /** A directory that both sides see, for orders and outputs. */
  readonly orders: string;
  /** The user and group inside whose files the harness may read and remove. */
  readonly user: string;
}

/** Client tools that run inside a container. Files of their arguments have to be where both sides see them. */
export async function openContainerTools(options: ContainerToolsOptions): Promise<ClientTools> {
  const { container, version, directory, orders, user } = options;
  await mkdir(orders, { mode: 0o755 });
  const foreman = await Foreman.hire(container, orders, user);
  return {
    version,
    directory,
    run: async (tool, argv, given = {}) => {
      const { environment, inputFile, signal, timeoutMilliseconds } = given;
      signal?.throwIfAborted();
      const started = performance.now();
      const command = commandText([join(directory, tool), ...argv], { ...CLEAN, ...environment }, inputFile);
      const { status, ...output } = await foreman.run(command, { timeoutMilliseconds, signal });
      signal?.throwIfAborted();
      if (status === 'late') throw timedOut(tool, timeoutMilliseconds);
      const milliseconds = performance.now() - started;
      return { tool, argv, ...exitOf(status), ...output, milliseconds };
    },
  };
}

const CLEAN = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', LC_ALL: 'C' };

/** What one order came to: the status as a shell tells it, or `late` where it was killed for its time limit. */
interface Order {
  readonly status: number | 'late';
  readonly stdout: string;
  readonly stderr: string;
}

class Foreman {
  private readonly orders: string;
  private readonly program: RunningProgram;
  private readonly waiting = new Map<string, (status: number | undefined) => void>();
  private unread = '';
  private gone: string | undefined;

  private constructor(program: RunningProgram, orders: string) {
    this.program = program;
    this.orders = orders;
  }

  static async hire(container: Container, orders: string, user: string): Promise<Foreman> {
    const program = await container.start(['sh', '-c', FOREMAN, 'sh', orders], user);
    const foreman = new Foreman(program, orders);
    const ready = new Promise<number | undefined>((resolve) => foreman.waiting.set('ready', resolve));
    void program.ended.then((output) => foreman.leave(output));
    program.onOutput((text) => foreman.read(text));
    if ((await ready) === undefined) throw foreman.goneError();
    return foreman;
  }

  async run(command: string, { timeoutMilliseconds, signal }: ToolOptions): Promise<Order> {
    const directory = await mkdtemp(join(this.orders, 'order-'));
    const name = directory.slice(this.orders.length + 1);
    let late = false;
    const kill = (): void => void this.program.input.write(`kill ${name}\n`);
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS);
    try {
      await writeFile(join(directory, 'command'), `echo $$ >${name}/pid\n${command}`);
      const ended = new Promise<number | undefined>((resolve) => this.waiting.set(name, resolve));
      if (this.gone !== undefined) throw this.goneError();
      this.program.input.write(`run ${name}\n`);
      signal?.addEventListener('abort', kill);
      const status = await ended;
      if (status === undefined) throw this.goneError();
      const [stdout, stderr] = await Promise.all([
        readText(join(directory, 'stdout')),
        readText(join(directory, 'stderr')),
      ]);
      return { status: late ? 'late' : status, stdout, stderr };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      this.waiting.delete(name);
      await rm(directory, { recursive: true, force: true });
    }
  }

  private read(text: string): void {
    const lines = (this.unread + text).split('\n');
    this.unread = lines.pop() ?? '';
    for (const line of lines) {
      const [verb, name = verb, status = '0'] = line.split(' ');
      if (verb === 'ended' || verb === 'ready') this.waiting.get(name ?? '')?.(Number(status));
    }
  }

  private leave(output: string): void {
    // What it said besides is of the shell.
    this.gone = output.replaceAll(/^(?:ready|ended .*)$\n?/gm, '').trim();
    for (const resolve of this.waiting.values()) resolve(undefined);
  }

  private goneError(): NoVerdictError {
    return new NoVerdictError({
      what: 'the container of the client tools is gone',
      why: this.gone === '' ? undefined : this.gone,
      next: 'look at the Docker engine and at free memory; the run can be repeated as it is',
    });
  }
}

/** A tool that floods its output must not flood our memory. */
const MOST_BYTES = 16 * 1024 * 1024;

async function readText(file: string): Promise<string> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

/** One command as a POSIX shell reads it. Every word is quoted, and the shell becomes the program, whose number is then known. */
function commandText(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  inputFile: string | undefined,
): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const words = ['env', '-i', ...variables, ...argv].map(shellWord);
  return `exec ${words.join(' ')} <${shellWord(inputFile ?? '/dev/null')}\n`;
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A shell tells a signal as 128 and its number (POSIX, 2.8.2). */
function exitOf(status: number): Pick<ToolRun, 'exitCode' | 'signal'> {
  const signal = SIGNALS.get(status - 128);
  return signal === undefined ? { exitCode: status, signal } : { exitCode: undefined, signal };
}

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { NoVerdictError } from '../errors.ts';
import type { ToolOptions } from './client-tools.ts';
import { LIFELINE, type Container, type RunningProgram } from './container.ts';
import { startOfFile } from './start-of-file.ts';

/**
 * Takes orders line by line: `run NAME` and `kill NAME`, where NAME is a directory of the current one. One process for
 * all tools: an exec of the engine takes ten times as long as the start of a program. Each tool leads a group, which is
 * killed as a whole, and of which nothing goes on after it. Ends with its standard input, and lets the container end
 * with it.
 */
const FOREMAN = `
exec 3>${LIFELINE}
cd "$1" || exit
end() { read -r pid <"$1/pid" && kill -9 "-$pid"; } 2>/dev/null
echo ready
while read -r verb job; do
  case $verb in
    run) (
      setsid sh "$job/command" </dev/null >"$job/stdout" 2>"$job/stderr" 3>&-
      status=$?
      end "$job"
      echo "ended $job $status"
    ) & ;;
    kill) end "$job" ;;
  esac
done`;

/** One order by itself, with a standard input that comes from this side. */
const FED = `
cd "$1" || exit
setsid sh "$2/command" >"$2/stdout" 2>"$2/stderr"
echo "ended $2 $?"`;

/** What one order came to: the status as a shell tells it, or `late` where it was killed for its time limit. */
interface Order {
  readonly status: number | 'late';
  readonly stdout: string;
  readonly stderr: string;
}

type OrderOptions = Pick<ToolOptions, 'feed' | 'signal'> & { readonly timeoutMilliseconds: number };

/** Has commands run inside a container, side by side. */
export class Foreman {
  private readonly container: Container;
  private readonly user: string;
  private readonly orders: string;
  private readonly program: RunningProgram;
  private readonly waiting = new Map<string, (status: number | undefined) => void>();
  private unread = '';
  private gone: string | undefined;

  private constructor(container: Container, orders: string, user: string, program: RunningProgram) {
    this.container = container;
    this.orders = orders;
    this.user = user;
    this.program = program;
  }

  /**
   * @param orders an existing directory that both sides see, for commands and their outputs
   * @param user and group inside, as numbers or names
   */
  static async hire(container: Container, orders: string, user: string): Promise<Foreman> {
    const program = await container.start(['sh', '-c', FOREMAN, 'sh', orders], user);
    const foreman = new Foreman(container, orders, user, program);
    const ready = new Promise<number | undefined>((resolve) => foreman.waiting.set('ready', resolve));
    void program.ended.then((output) => foreman.leave(output));
    program.onOutput((text) => foreman.read(text));
    if ((await ready) === undefined) throw foreman.goneError();
    return foreman;
  }

  /**
   * Runs a command of a POSIX shell to its end. A non-zero status is a value.
   * @throws NoVerdictError where the container is gone
   */
  async run(command: string, { timeoutMilliseconds, signal, feed }: OrderOptions): Promise<Order> {
    const directory = await mkdtemp(join(this.orders, 'order-'));
    // It may be another one than we who writes there; what is above keeps everybody else out.
    await chmod(directory, 0o777);
    const name = directory.slice(this.orders.length + 1);
    let late = false;
    const kill = (): void => void this.program.input.write(`kill ${name}\n`);
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, timeoutMilliseconds);
    try {
      await writeFile(join(directory, 'command'), `echo $$ >${name}/pid\n${command}\n`);
      if (this.gone !== undefined) throw this.goneError();
      signal?.addEventListener('abort', kill);
      const status = await (feed ? this.feed(name, feed) : this.order(name));
      if (status === undefined) throw this.goneError();
      const [stdout, stderr] = await Promise.all([
        startOfFile(join(directory, 'stdout'), MOST_BYTES),
        startOfFile(join(directory, 'stderr'), MOST_BYTES),
      ]);
      return { status: late ? 'late' : status, stdout, stderr };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      this.waiting.delete(name);
      await rm(directory, { recursive: true, force: true });
    }
  }

  private order(name: string): Promise<number | undefined> {
    const ended = new Promise<number | undefined>((resolve) => this.waiting.set(name, resolve));
    this.program.input.write(`run ${name}\n`);
    return ended;
  }

  private async feed(name: string, feed: NonNullable<ToolOptions['feed']>): Promise<number | undefined> {
    const program = await this.container.start(['sh', '-c', FED, 'sh', this.orders, name], this.user);
    // Whoever writes is told by the stream's own means, or does not care.
    const input = openEnd(program.input).on('error', () => undefined);
    const fed = feed(input);
    const output = await program.ended;
    // A tool may end before it has read all.
    input.destroy(new Error('premature close'));
    await fed;
    const status = /^ended \S+ (\d+)$/m.exec(output)?.[1];
    return status === undefined ? undefined : Number(status);
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

const MOST_BYTES = 16 * 1024 * 1024;

/** A stream to write to, whose end or failure is the end of the input only: what comes back is still read. */
function openEnd(stream: Writable): Writable {
  return new Writable({
    write: (chunk: Buffer, _, done) => void stream.write(chunk, (error) => done(error)),
    final: (done) => void stream.end(() => done()),
    destroy: (error, done) => {
      stream.end();
      done(error);
    },
  });
}

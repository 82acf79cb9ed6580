import { join } from 'node:path';
import { shellWord } from '../text/shell-word.ts';
import type { ClientTools, ShellCommand, ShellOptions } from './client-tools.ts';
import { Foreman } from './container-foreman.ts';
import type { Container } from './container.ts';
import { MOST_OUTPUT_BYTES, noShell, shellTimedOut } from './shell-command.ts';
import { startOfFile } from './start-of-file.ts';

/** Where commands of the user's own run. */
interface ShellPlace {
  readonly container: Container;
  /** Of the client tools, inside. */
  readonly directory: string;
  /** A directory that both sides see. */
  readonly orders: string;
}

/** Commands of the user's own inside a container. Those of another account have a foreman of their own. */
export function containerShell(place: ShellPlace, usual: Foreman): ClientTools['shell'] {
  const others = new Map<string, Promise<Foreman>>();
  const foremanOf = async (account: ShellOptions['account']): Promise<Foreman> => {
    if (!account) return usual;
    const user = `${account.uid}:${account.gid}`;
    const hired = others.get(user) ?? Foreman.hire(place.container, place.orders, user);
    others.set(user, hired);
    return await hired;
  };
  return async (command, options) => {
    const { timeoutMilliseconds, signal, account } = options;
    signal?.throwIfAborted();
    const started = performance.now();
    const foreman = await foremanOf(account);
    const text = shellText(command, options, place.directory);
    const { status, stdout: said } = await foreman.run(text, { timeoutMilliseconds, signal });
    signal?.throwIfAborted();
    if (status === 'late') throw shellTimedOut(command.stage, timeoutMilliseconds);
    if (said === MISSING) throw noShell(command);
    const [stdout, stderr] = outputsOf(command, options);
    return {
      tool: command.stage,
      argv: [command.text],
      exitCode: status,
      signal: undefined,
      stdout: await startOfFile(stdout, MOST_OUTPUT_BYTES),
      stderr: await startOfFile(stderr, MOST_OUTPUT_BYTES),
      milliseconds: performance.now() - started,
    };
  };
}

function outputsOf({ stage }: ShellCommand, { directory }: ShellOptions): [string, string] {
  return [join(directory, `${stage}.stdout`), join(directory, `${stage}.stderr`)];
}

const MISSING = 'missing\n';

/** Has the environment of the image, without what leads libpq elsewhere. */
function shellText(command: ShellCommand, options: ShellOptions, programs: string): string {
  const given = { HOME: options.directory, LC_ALL: 'C', ...options.environment };
  const variables = Object.entries(given).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  const [stdout, stderr] = outputsOf(command, options).map(shellWord);
  return `
cd ${shellWord(options.directory)} || exit
for name in $(env | sed -n 's/^\\(PG[A-Za-z0-9_]*\\)=.*/\\1/p') DATABASE_URL; do
  case $name in PGBACKREST_*) ;; *) unset "$name" ;; esac
done
PATH=${shellWord(programs)}:$PATH
${variables.join('\n')}
command -v ${command.shell} >/dev/null || { echo ${MISSING.trim()}; exit; }
exec ${command.shell} -c ${shellWord(command.text)} >${stdout} 2>${stderr}`;
}

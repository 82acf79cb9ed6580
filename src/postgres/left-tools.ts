import { readdir, readFile } from 'node:fs/promises';
import { describeProcess, isAlive, readIdentity, writtenIdentity } from './process-identity.ts';

/** In the environment of each client tool, and so of all that it starts: whose it is. */
const OWNER_VARIABLE = 'RESTOREPROOF_OWNER';

let mark: Promise<Record<string, string>> | undefined;

/** The environment variable by which a tool of this process is known again. */
export function ownersMark(): Promise<Record<string, string>> {
  mark ??= describeProcess(process.pid).then((identity) => ({ [OWNER_VARIABLE]: writtenIdentity(identity) }));
  return mark;
}

/**
 * Kills the client tools, and what they started, of runs that were killed: a tool that hangs would stay for ever. On
 * Linux only, where the environment of one's own processes can be read; nothing is thrown.
 *
 * @returns the numbers of the processes that were killed
 */
export async function sweepLeftTools(): Promise<number[]> {
  const names = process.platform === 'linux' ? await readdir('/proc').catch(() => []) : [];
  const swept = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => ((await sweep(name)) ? [Number(name)] : [])),
  );
  return swept.flat();
}

async function sweep(pid: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const written = environment.split('\0').find((word) => word.startsWith(`${OWNER_VARIABLE}=`));
  const owner = written && readIdentity(written.slice(OWNER_VARIABLE.length + 1));
  if (!owner || (await isAlive(owner))) return false;
  try {
    return process.kill(Number(pid), 'SIGKILL');
  } catch {
    return false;
  }
}

import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process in a way that a later process with the same number does not match. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system words it: clock ticks since boot, or the date of `ps`. */
  readonly started: string;
  /** Which boot of the machine, and which process namespace the number counts in; empty where the system has none. */
  readonly boot: string;
  readonly namespace: string;
}

/** @throws where there is no such process */
export async function describeProcess(pid: number): Promise<ProcessIdentity> {
  const [started, boot, namespace] = await Promise.all([startOf(pid), bootId(), pidNamespace()]);
  if (started === undefined) throw new Error(`no start time of process ${pid}`);
  return { pid, started, boot, namespace };
}

/** Whether that very process lives, as far as it can be seen from here: one of another namespace is believed to. */
export async function isAlive(owner: ProcessIdentity): Promise<boolean> {
  if (owner.boot !== (await bootId())) return false;
  // Another container may share this directory; its processes cannot be seen from here.
  if (owner.namespace !== (await pidNamespace())) return true;
  return (await startOf(owner.pid)) === owner.started;
}

function bootId(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'latin1').then(
    (text) => text.trim(),
    () => '',
  );
}

function pidNamespace(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => '');
}

/** When a process started, or undefined where there is none or only a zombie. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const [state = '', ...started] = (await ps(pid, ['state=', 'lstart='])).trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // proc(5): the second field is the program's name in parentheses, which may hold anything; 3 is the state, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** What ps(1) prints of a process in some columns; empty where there is none. */
export async function ps(pid: number, columns: readonly string[]): Promise<string> {
  const argv = ['-ww', ...columns.flatMap((column) => ['-o', column]), '-p', String(pid)];
  const environment = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
  return promisify(execFile)('ps', argv, { env: environment }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** An identity as text, one line for each part. */
export function writtenIdentity({ pid, started, boot, namespace }: ProcessIdentity): string {
  return [pid, started, boot, namespace, ''].join('\n');
}

/** Undefined for a text that `writtenIdentity` did not write. */
export function readIdentity(text: string): ProcessIdentity | undefined {
  const [pid = '', started = '', boot = '', namespace = ''] = text.split('\n');
  return Number(pid) > 0 && started !== '' ? { pid: Number(pid), started, boot, namespace } : undefined;
}

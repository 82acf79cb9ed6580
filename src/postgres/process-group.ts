/** Groups of ours that live, each by the number of its first process. */
const living = new Set<number>();

/** What is still running when this process ends, however it ends short of SIGKILL, ends with it. */
process.once('exit', () => {
  for (const pid of living) signalGroup(pid, 'SIGKILL');
});

/** Signals a process that leads a group, and all that it started. Nothing happens where they have ended. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Sees to it that a group ends with this process, until the work on it is over. */
export async function whileGroupLives<T>(pid: number | undefined, work: () => Promise<T>): Promise<T> {
  if (pid !== undefined) living.add(pid);
  try {
    return await work();
  } finally {
    if (pid !== undefined) living.delete(pid);
  }
}

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../src/postgres/engine.ts';

/** proc(5): times are in clock ticks, of which Linux has 100 a second for every program that asks. */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds spent so far by this process, the tools that it has waited for, and a throwaway server of it with all
 * its backends. Linux only.
 */
export function cpuSeconds(engine: Engine): number {
  const server = postmasterOf(engine);
  const ticks = [process.pid, server, ...childrenOf(server)].map(ticksOf);
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

function postmasterOf(engine: Engine): number {
  const { host } = engine.connectionTo(engine.maintenanceDatabase);
  return Number.parseInt(readFileSync(join(host, 'data', 'postmaster.pid'), 'latin1'), 10);
}

/** The fields of stat behind the program's name, which may hold anything: state, parent, … */
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function childrenOf(parent: number): number[] {
  const processes = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return processes.filter((pid) => Number(fieldsOf(pid)[1]) === parent);
}

/** utime, stime, and cutime, cstime of the children that were waited for: fields 14 to 17 of stat. */
function ticksOf(pid: number): number {
  return fieldsOf(pid)
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0);
}

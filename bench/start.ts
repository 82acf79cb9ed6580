import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { smokeCase } from '../src/case/smoke-case.ts';
import { packageRoot } from '../src/package-root.ts';
import { openEngine } from '../src/postgres/open-engine.ts';
import { openThrowawayDirectory } from '../src/postgres/throwaway-directory.ts';
import { auditChain } from '../src/subject/audit-chain.ts';
import { workloadSql } from '../src/workload/workload-sql.ts';
import { median, type Table } from './table.ts';

const ROUNDS = 7;
const SCRIPT = fileURLToPath(new URL('../../bench/start.sh', import.meta.url));

/** `smoke` from process start to its end, against a shell script that does the same cycle on a server of its own. */
export async function start(): Promise<Table> {
  const programs = await programDirectory();
  const shell: number[] = [];
  const smoke: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    shell.push(await seconds(() => runShell(programs)));
    smoke.push(await seconds(() => execa(process.execPath, [`${packageRoot}dist/src/cli/main.js`, 'smoke'])));
  }
  return {
    title: `From process start to PASS, ${ROUNDS} rounds in turn`,
    columns: ['', 'seconds'],
    rows: [
      ['shell: initdb, server, 24 rows, pg_dump, wipe, pg_restore, a look', median(shell)],
      ['smoke, with every check', median(smoke)],
    ],
    ratios: [
      {
        name: 'smoke to shell',
        value: median(smoke.map((each, round) => each / (shell[round] ?? NaN))),
        goal: { most: 1.5 },
      },
    ],
  };
}

async function programDirectory(): Promise<string> {
  await using engine = await openEngine({ engine: 'local', download: false, say: () => undefined });
  return engine.tools.directory;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function runShell(programs: string): Promise<void> {
  await using directory = await openThrowawayDirectory();
  const [schema, workload] = ['schema.sql', 'workload.sql'].map((name) => join(directory.path, name));
  await writeFile(String(workload), workloadSql(smokeCase(24).workload, auditChain.writing), { mode: 0o644 });
  await execa('cp', [`${packageRoot}src/subject/builtin/audit-chain.sql`, String(schema)]);
  await execa('sh', [SCRIPT, directory.serverDirectory, String(schema), String(workload)], {
    env: { PATH: `${programs}:${process.env['PATH']}` },
    cwd: directory.serverDirectory,
    ...directory.account,
  });
}

import { readFile, writeFile } from 'node:fs/promises';
import type { QueryResult } from 'pg';
import type { Case, Disturbance } from '../case/case.ts';
import { firstLine, NoVerdictError } from '../errors.ts';
import type { Connection } from '../postgres/connection.ts';
import { editRows, editTableFile } from './edit-rows.ts';
import type { Fault, Mutant } from './mutant.ts';

/** The disturbance of one trial at its moments, in the order of these methods; an honest trial passes through all. */
export class FaultAtWork {
  /** Whether it has changed anything; undefined in an honest case. */
  struck: boolean | undefined;
  private readonly fault: Fault | undefined;
  private readonly given: readonly string[];

  private constructor(fault?: Fault, given: readonly string[] = []) {
    this.fault = fault;
    this.given = given;
  }

  /** @throws UsageError for a mutant that is not in the catalogue */
  static async of({ disturbance }: Case): Promise<FaultAtWork> {
    if (disturbance === undefined) return new FaultAtWork();
    const { fault, given } = await faultOf(disturbance);
    const atWork = new FaultAtWork(fault, given);
    atWork.struck = false;
    return atWork;
  }

  /** What is carried out in place of the case. */
  carriedOut(trial: Case): Case {
    if (this.fault?.at !== 'plan') return trial;
    const changed = this.fault.change(trial);
    this.struck = JSON.stringify(changed) !== JSON.stringify(trial);
    return changed;
  }

  /** The source, after its workload. */
  async prepareSource(connection: Connection): Promise<void> {
    for (const sql of this.given) await run(connection, sql);
    if (this.fault?.at === 'source') this.struck = await run(connection, this.fault.sql);
  }

  /** The source, after its dump. Gives whether it is another one since. */
  async moveSource(connect: () => Promise<Connection>): Promise<boolean> {
    if (this.fault?.at !== 'dumped source') return false;
    await using connection = await connect();
    this.struck = await run(connection, this.fault.sql);
    return this.struck;
  }

  /** The archives: scripts, where the dump is a plain one, or directories. */
  async spoilArchives({ dump }: Case, archives: readonly string[]): Promise<void> {
    const { fault } = this;
    if (fault?.at !== 'script' && fault?.at !== 'rows of the dump') return;
    for (const archive of archives) {
      const spoilt =
        fault.at === 'rows of the dump' && dump.format === 'directory'
          ? await editTableFile(archive, fault.table, fault.edit)
          : dump.format === 'plain' && (await editScript(archive, fault));
      if (spoilt) this.struck = true;
    }
  }

  /** The restored database. */
  async spoilRestored(connect: () => Promise<Connection>): Promise<void> {
    if (this.fault?.at !== 'restored') return;
    await using connection = await connect();
    this.struck = await run(connection, this.fault.sql);
  }
}

async function editScript(
  file: string,
  fault: Fault & { readonly at: 'script' | 'rows of the dump' },
): Promise<boolean> {
  const script = await readFile(file, 'latin1');
  const edited = fault.at === 'script' ? fault.edit(script) : editRows(script, fault.table, fault.edit);
  if (edited !== script) await writeFile(file, edited, 'latin1');
  return edited !== script;
}

async function faultOf(disturbance: Disturbance): Promise<Partial<Pick<Mutant, 'fault' | 'given'>>> {
  if ('sql' in disturbance) return { fault: { at: 'restored', sql: disturbance.sql } };
  if (!('mutant' in disturbance)) return {};
  // Loaded here: the catalogue is a file for each mutant, and most trials are honest.
  const { mutantNamed } = await import('./catalogue.ts');
  return mutantNamed(disturbance.mutant);
}

/**
 * Gives whether it changed anything: a row, where it is about rows.
 * @throws NoVerdictError where the server refuses it
 */
async function run(connection: Connection, sql: string): Promise<boolean> {
  try {
    // The driver's types know one statement per query; for several it gives an array.
    const answer: QueryResult | QueryResult[] = await connection.query(sql);
    const changes = [answer].flat().filter(({ command }) => CHANGES_ROWS.has(command));
    return changes.length === 0 || changes.some(({ rowCount }) => (rowCount ?? 0) > 0);
  } catch (cause) {
    throw new NoVerdictError({
      what: 'the disturbance of the case could not be carried out',
      why: firstLine(cause),
      next: 'change the SQL of the disturbance',
      cause,
    });
  }
}

const CHANGES_ROWS = new Set(['INSERT', 'UPDATE', 'DELETE']);

import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pipeline } from '../case/pipeline.ts';
import { NoVerdictError } from '../errors.ts';
import type { ClientTools, ShellCommand, ToolRun } from '../postgres/client-tools.ts';
import { libpqEnvironment, type ConnectionSettings } from '../postgres/connection.ts';
import { parseConnectionUrl } from '../postgres/connection-url.ts';
import { passwordLine, urlOf } from '../postgres/write-connection-url.ts';
import type { Account } from '../postgres/throwaway-directory.ts';
import { fillIn } from '../text/placeholders.ts';
import { shellWord } from '../text/shell-word.ts';

/** Where the commands of a pipeline run. */
export interface PipelinePlace {
  readonly tools: ClientTools;
  /** The source. */
  readonly database: ConnectionSettings;
  /** An existing directory of ours, which the account can write to. */
  readonly directory: string;
  /** As whom the commands run; absent: as we do. */
  readonly account?: Account | undefined;
}

/** One stage: what failed, or nothing. */
interface StageOutcome {
  readonly failed: ToolRun | undefined;
  /** What a dump leaves is known to the commands alone. */
  readonly archives: readonly string[];
}

const USUAL_TIMEOUT_SECONDS = 300;
const USUAL_JOBS = 2;

/** The commands of a pipeline on one trial. A server that the restore started is stopped at the end. */
export class PipelineRun implements AsyncDisposable {
  /** What ran so far. */
  readonly runs: ToolRun[] = [];
  private readonly pipeline: Pipeline;
  private readonly place: PipelinePlace;
  private started: 'not' | 'perhaps' | 'surely' = 'not';

  constructor(pipeline: Pipeline, place: PipelinePlace) {
    this.pipeline = pipeline;
    this.place = place;
  }

  /** @throws NoVerdictError as `ClientTools.shell` does, and so do the others */
  dump(signal?: AbortSignal): Promise<StageOutcome> {
    return this.run('dump', this.pipeline.dump, this.place.database, signal);
  }

  /** False: the pipeline leaves it to the harness. */
  get wipes(): boolean {
    return this.pipeline.wipe !== undefined;
  }

  wipe(signal?: AbortSignal): Promise<StageOutcome> {
    return this.run('wipe', this.pipeline.wipe ?? 'true', this.place.database, signal);
  }

  async restore(target: ConnectionSettings, signal?: AbortSignal): Promise<StageOutcome> {
    this.started = 'perhaps';
    const outcome = await this.run('restore', this.pipeline.restore, target, signal);
    if (!outcome.failed) this.started = 'surely';
    return outcome;
  }

  /** Where the restored database is: on a server that the restore brought, or where it was sent to. */
  restoredAt(target: ConnectionSettings): ConnectionSettings {
    const { server } = this.pipeline;
    if (!server) return target;
    // In a URL a path is percent-encoded, and no shell reads it.
    return parseConnectionUrl(this.fill(server.url, target, encodeURIComponent));
  }

  /** @throws NoVerdictError where a server goes on running that the restore brought */
  async [Symbol.asyncDispose](): Promise<void> {
    const { server } = this.pipeline;
    if (!server || this.started === 'not') return;
    // Without a signal: an interruption is what it has to be stopped for.
    const { failed } = await this.run('stop', server.stop, this.place.database);
    if (!failed || this.started === 'perhaps') return;
    throw new NoVerdictError({
      what: 'the pipeline did not stop the server that it started',
      why: (failed.stderr || failed.stdout).trim().split('\n', 1)[0],
      next: 'stop it by hand, and mend the command `server.stop`',
    });
  }

  private async run(
    stage: ShellCommand['stage'],
    text: string,
    settings: ConnectionSettings,
    signal?: AbortSignal,
  ): Promise<StageOutcome> {
    const { shell = 'sh', timeout_seconds: seconds = USUAL_TIMEOUT_SECONDS } = this.pipeline;
    const { tools, directory, account } = this.place;
    const run = await tools.shell(
      { shell, stage, text: this.fill(text, settings, shellWord) },
      {
        environment: await this.environment(settings),
        directory,
        account,
        timeoutMilliseconds: seconds * 1000,
        signal,
      },
    );
    this.runs.push(run);
    return { failed: run.exitCode === 0 ? undefined : run, archives: [] };
  }

  private fill(text: string, settings: ConnectionSettings, quote: (word: string) => string): string {
    const { directory, database } = this.place;
    const values = {
      url: urlOf(asToolsSee(settings)),
      source_url: urlOf(asToolsSee(database)),
      target_url: urlOf(asToolsSee(settings)),
      dump: join(directory, 'dump'),
      jobs: String(this.pipeline.jobs ?? USUAL_JOBS),
      database: database.database,
      work: directory,
    };
    return fillIn(
      text,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, quote(value)])),
    );
  }

  /** What leads to the database, and nowhere else. */
  private async environment(settings: ConnectionSettings): Promise<Record<string, string>> {
    const { directory, account } = this.place;
    const { PGPASSWORD: password, ...libpq } = libpqEnvironment(settings);
    return {
      TMPDIR: directory,
      // The account under which the server runs may not enter ours.
      ...(account ? { HOME: directory } : {}),
      ...libpq,
      ...(password === undefined ? {} : { PGPASSFILE: await this.passwordFile(settings, password) }),
    };
  }

  /** A password in an environment variable is seen by every command and its children; in the file, by who needs it. */
  private async passwordFile(settings: ConnectionSettings, password: string): Promise<string> {
    const { directory, account } = this.place;
    const file = join(directory, 'passfile');
    await writeFile(file, passwordLine(asToolsSee(settings), password), { mode: 0o600 });
    await chmod(file, 0o600);
    if (account) await chown(file, account.uid, account.gid);
    return file;
  }
}

/** A server in a container that is entered by a published port has another address for its tools. */
function asToolsSee(settings: ConnectionSettings): ConnectionSettings {
  const { PGHOST: host = settings.host, PGPORT: port } = libpqEnvironment(settings);
  return { ...settings, host, port: Number(port) };
}

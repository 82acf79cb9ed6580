import type { Command } from '@commander-js/extra-typings';
import {
  databaseUrlOption,
  engineChoice,
  environmentEngineOption,
  exemptOption,
  reportOption,
  subjectOption,
  waitOption,
  wholeNumber,
  withEngine,
  type Finish,
} from './options.ts';
import type { Terminal } from './terminal.ts';

const MOST_JOBS = 256;

/** The command `snapshot`. */
export function addSnapshot(command: Command, terminal: Terminal, finish: Finish): void {
  command
    .description('read what a database says about itself, before its backup is taken; writes nothing to it')
    .requiredOption('--out <file>', 'the snapshot to write')
    .addOption(databaseUrlOption)
    .addOption(subjectOption)
    .addOption(environmentEngineOption)
    .addOption(waitOption)
    .action(async (options) => {
      const { snapshot } = await import('./drill.ts');
      finish(await snapshot(options, terminal));
    });
}

/** The command `verify`. */
export function addVerify(command: Command, terminal: Terminal, finish: Finish): void {
  command
    .description('compare a restored database with a snapshot of its source; writes nothing to it')
    .requiredOption('--against <file>', 'the snapshot of the source')
    .addOption(databaseUrlOption)
    .addOption(subjectOption)
    .addOption(environmentEngineOption)
    .addOption(waitOption)
    .addOption(exemptOption)
    .action(async (options) => {
      const { verify } = await import('./drill.ts');
      finish(await verify(options, terminal));
    });
}

/** The command `drill`. */
export function addDrill(command: Command, terminal: Terminal, finish: Finish): void {
  withEngine(
    command
      .description('restore a dump of your own into a throwaway server, and check what can be checked')
      .requiredOption('--dump <path>', 'what pg_dump wrote: an archive, a directory, a script, also gzipped')
      .option('--against <file>', 'the snapshot of the source, of the moment of the dump')
      .addOption(subjectOption)
      .addOption(exemptOption)
      .option(
        '--jobs <n>',
        'of pg_restore (one for each core, at most 4, unless given)',
        wholeNumber(1, MOST_JOBS),
      )
      .option('--json <file>', 'write the verdict, sizes, times and checks')
      .addOption(reportOption)
      .option(
        '--keep',
        'leave the restored database for a look, and print how to enter and to end it',
        false,
      ),
  ).action(async (options) => {
    const { drill } = await import('./drill-dump.ts');
    finish(await drill(options, engineChoice(options, terminal), terminal));
  });
}

import type { Command } from '@commander-js/extra-typings';
import { DUMP_FORMATS } from '../case/case.ts';
import {
  engineChoice,
  reportOption,
  trialTimeoutOption,
  waitOption,
  wholeNumber,
  type Finish,
} from './options.ts';
import type { Terminal } from './terminal.ts';

export function addMatrix(command: Command, terminal: Terminal, finish: Finish): void {
  command
    .description('go from every server to every other by every dump format, and print the table of verdicts')
    .requiredOption('--images <refs>', 'images, local:MAJOR or URLs, with commas between')
    .option('--formats <names>', 'dump formats, with commas between', DUMP_FORMATS.join(','))
    .option(
      '--cases <n>',
      'cases of each cell: the fixed cycle first, then drawn ones',
      wholeNumber(1, 10_000),
      1,
    )
    .option('--seed <s>', 'of the drawn cases', wholeNumber(0, 2_147_483_647), 1)
    .option('--lanes <l>', 'trials side by side (one per core unless given)', wholeNumber(1, 256))
    .option('--counterexamples <dir>', 'where findings are written', 'counterexamples')
    .option('--shrink-seconds <s>', 'how long one finding may be shrunk', wholeNumber(0, 86_400), 120)
    .option('--json <file>', 'write the table, and the case of every finding')
    .addOption(reportOption)
    .addOption(trialTimeoutOption)
    .addOption(waitOption)
    .action(async (options) => {
      const { matrix } = await import('./matrix.ts');
      const choice = engineChoice({ ...options, engine: 'auto', download: false }, terminal);
      finish(await matrix(options, choice, terminal));
    });
}

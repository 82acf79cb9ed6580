import { Counterexample } from '../fuzz/counterexample.ts';
import type { LaneGround } from '../fuzz/lane.ts';
import type { ReportedFinding } from '../fuzz/outcome.ts';
import { reproduce } from '../fuzz/reproduction.ts';
import { disturbanceAsSql } from '../mutants/disturbance-as-sql.ts';
import { reportedFinding } from '../report/build-report.ts';
import type { CommandWords } from '../report/command-words.ts';
import { counterexamplePage } from '../report/counterexample-page.ts';
import { findingLines } from '../report/fuzz-text.ts';
import { findingAnnotation } from '../report/github.ts';
import { colours } from './colours.ts';
import type { Terminal } from './terminal.ts';

export interface TellingPlace {
  readonly ground: LaneGround;
  /** Where counterexamples are written. */
  readonly counterexamples: string;
  readonly words: CommandWords;
  readonly terminal: Pick<Terminal, 'print'>;
  /** Prints something that a bar of progress must not overwrite. */
  readonly above: (print: () => void) => void;
}

/**
 * Finishes the folder of a finding, and prints it; under GitHub Actions as an annotation, too.
 * @returns whether its script failed the same way without the harness; undefined where it was not run
 * @throws NoVerdictError where the disk does not take it
 */
export async function tellFinding(
  found: ReportedFinding,
  { ground, counterexamples, words, terminal, above }: TellingPlace,
): Promise<boolean | undefined> {
  const reproduced = await reproduce(found, ground);
  const { server, tools } = ground.world;
  const origin = {
    ...words,
    server: server.text,
    tools: tools.text,
    scripted: disturbanceAsSql(found.shrunk.trial) !== undefined,
  };
  const page = counterexamplePage({ ...found, reproduced }, origin);
  await new Counterexample(counterexamples, found.signature).write('README.md', page);
  above(() => {
    for (const line of findingLines({ ...found, reproduced }, words, colours)) terminal.print(line);
    if (process.env['GITHUB_ACTIONS'] !== 'true') return;
    terminal.print(findingAnnotation(reportedFinding({ ...found, reproduced }, words)));
  });
  return reproduced;
}

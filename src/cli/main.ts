#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings';
import { EXIT, firstLine, NoVerdictError } from '../errors.ts';
import { openTerminal } from './terminal.ts';
import { describeError } from './describe-error.ts';
import { watchHeap } from './heap-watch.ts';
import { buildProgram } from './program.ts';

const TAKE_DOWN_MILLISECONDS = 30_000;

/**
 * Ctrl-C, SIGTERM, an output that nobody takes any more and memory that runs out unwind what is open; a second signal
 * ends at once.
 */
function abortWhenInterrupted(): AbortSignal {
  const controller = new AbortController();
  const abort = (what: string): void => {
    if (controller.signal.aborted) return;
    say(`restoreproof: ${what}; what was started is being taken down`);
    controller.abort(new NoVerdictError({ what }));
    // Whatever is stuck must not keep the process.
    setTimeout(() => process.exit(EXIT.noVerdict), TAKE_DOWN_MILLISECONDS).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.noVerdict);
      abort(`interrupted by ${name}`);
    });
  }
  process.stdout.on('error', (error) => abort(`standard output cannot be written (${firstLine(error)})`));
  process.stderr.on('error', () => undefined);
  watchHeap(abort);
  return controller.signal;
}

/** Node ends with 1 after an error that nobody caught, which would read as a finding. */
function endWithoutVerdict(): void {
  process.on('uncaughtException', (error) => {
    for (const line of describeError(error).lines) say(line);
    process.exit(EXIT.noVerdict);
  });
}

function say(line: string): void {
  console.error(line);
}

async function main(): Promise<number> {
  const terminal = openTerminal(abortWhenInterrupted(), (line) => console.log(line), say);
  endWithoutVerdict();
  let exitCode: number = EXIT.asPredicted;
  const program = buildProgram(terminal, (code) => (exitCode = code));
  program.exitOverride();
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync();
    // A verdict that nobody could read is none.
    return process.stdout.errored ? EXIT.noVerdict : exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.asPredicted : EXIT.usage;
    // It has been said already; other errors are what comes of taking things down.
    if (terminal.signal.aborted) return EXIT.noVerdict;
    const described = describeError(error);
    for (const line of described.lines) say(line);
    if (process.env['GITHUB_ACTIONS'] === 'true') {
      const { tellFailure } = await import('./publish-report.ts');
      await tellFailure(described, terminal);
    }
    return described.exitCode;
  }
}

process.exitCode = await main();

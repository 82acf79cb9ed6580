import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Account } from './throwaway-directory.ts';

/** How a program that was started came to its end. */
export interface ProgramEnd {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** As UTF-8; what is beyond 16 MiB is left out. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way. */
export interface RunningProgram {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Its standard input, where it is a pipe. */
  readonly stdin: Writable | undefined;
  /** Rejects with the system's error where it could not be started. */
  readonly ended: Promise<ProgramEnd>;
}

interface ProgramOptions {
  /** The whole environment: nothing of ours is added. */
  readonly environment: NodeJS.ProcessEnv;
  /** As whom it runs; absent: as we do. */
  readonly account?: Account | undefined;
  /** Nothing unless given; a file by its path. */
  readonly stdin?: 'pipe' | { readonly file: string } | undefined;
}

/**
 * Starts a program, which leads a process group of its own: it may be a wrapper, and what it started has to end with it.
 *
 * By `spawn` itself: a run starts several programs for each trial, and a library around it takes twice its time.
 */
export function startInGroup(
  program: string,
  argv: readonly string[],
  { environment, stdin, account }: ProgramOptions,
): RunningProgram {
  const input = typeof stdin === 'object' ? openSync(stdin.file, 'r') : undefined;
  try {
    const child = spawn(program, argv, {
      env: environment,
      ...account,
      detached: true,
      stdio: [input ?? (stdin === 'pipe' ? 'pipe' : 'ignore'), 'pipe', 'pipe'],
    });
    return { pid: child.pid, stdin: child.stdin ?? undefined, ended: endOf(child) };
  } finally {
    if (input !== undefined) closeSync(input);
  }
}

async function endOf(child: ChildProcess): Promise<ProgramEnd> {
  const outputs = [collect(child.stdout), collect(child.stderr)];
  // `close` comes after `exit`, when the last of the output has been read.
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  const [stdout = '', stderr = ''] = outputs.map((text) => text());
  return { exitCode: exitCode ?? undefined, signal: signal ?? undefined, stdout, stderr };
}

/** A tool that floods its output must not flood our memory. */
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

function collect(output: Readable | null): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  output?.on('data', (chunk: Buffer) => {
    if (bytes < MOST_OUTPUT_BYTES) chunks.push(chunk.subarray(0, MOST_OUTPUT_BYTES - bytes));
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString();
}

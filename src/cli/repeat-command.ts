import { USUAL_MAX_ROWS } from '../case/world.ts';
import type { Shard } from '../fuzz/shard.ts';
import { redactUrl } from '../postgres/connection-url.ts';
import type { ServersChoice } from '../postgres/open-servers.ts';
import type { SubjectOptions } from '../subject/choose-subject.ts';
import { shellWord } from '../text/shell-word.ts';

interface DrawOptions {
  readonly seed: number;
  readonly maxRows?: number | undefined;
  readonly explore: boolean;
  readonly property: readonly string[];
  readonly fault?: string | undefined;
  readonly pipeline?: string | undefined;
}

/** The options that decide which cases are drawn, as words of a shell. */
export function drawArguments(options: DrawOptions): string[] {
  const { seed, maxRows, explore, property, fault, pipeline } = options;
  return [
    `--seed ${seed}`,
    ...(maxRows === undefined || maxRows === USUAL_MAX_ROWS ? [] : [`--max-rows ${maxRows}`]),
    ...(explore ? ['--explore'] : []),
    ...property.map((name) => `--property ${name}`),
    ...(pipeline === undefined ? [] : [`--pipeline ${shellWord(pipeline)}`]),
    ...(fault === undefined ? [] : [`--fault ${shellWord(fault)}`]),
  ];
}

/** The options that say which subject, as words of a shell. */
export function subjectArguments({ subject, migrations }: SubjectOptions): string[] {
  return [
    ...(subject === undefined ? [] : [`--subject ${shellWord(subject)}`]),
    ...(migrations === undefined ? [] : [`--migrations ${shellWord(migrations)}`]),
  ];
}

/** The options that decide on which server, as words of a shell; a password is `***`. */
export function engineArguments(choice: ServersChoice): string[] {
  const { engine, url, pgMajor, pgBin, image, from, to } = choice;
  return [
    ...(engine === 'auto' ? [] : [`--engine ${engine}`]),
    ...(url === undefined ? [] : [`--url ${shellWord(redactUrl(url))}`]),
    ...(pgMajor === undefined ? [] : [`--pg ${pgMajor}`]),
    ...(pgBin === undefined ? [] : [`--pg-bin ${shellWord(pgBin)}`]),
    ...(image === undefined ? [] : [`--image ${shellWord(image)}`]),
    ...(from === undefined ? [] : [`--from ${reference(from)}`]),
    ...(to === undefined ? [] : [`--to ${reference(to)}`]),
  ];
}

/** A server's name; of a URL the password is `***`. */
function reference(name: string): string {
  return shellWord(name.includes('://') ? redactUrl(name) : name);
}

interface ExtentOptions {
  readonly cases: number;
  readonly minutes?: number | undefined;
  readonly case?: number | undefined;
  readonly corpus: boolean;
  readonly shard?: Shard | undefined;
}

/** The options that decide how many of the cases are tried. */
export function extentArguments({ cases, minutes, case: only, corpus, shard }: ExtentOptions): string[] {
  const extent = minutes === undefined ? `--cases ${cases}` : `--minutes ${minutes}`;
  return [
    only === undefined ? extent : `--case ${only}`,
    ...(corpus ? [] : ['--no-corpus']),
    ...(shard ? [`--shard ${shard.number}/${shard.of}`] : []),
  ];
}

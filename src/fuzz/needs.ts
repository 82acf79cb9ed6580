import { UsageError } from '../errors.ts';
import type { Engine } from '../postgres/engine.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import type { Property } from './property.ts';

/** What a run has. */
interface Means {
  readonly engine: Pick<Engine, 'kind' | 'throwaway'>;
  /** The server that upgrades go to. */
  readonly other?: unknown;
}

/** Whether a property can be tried: what it does to a server may be nothing to do to somebody else's. */
export function isFit({ needs }: Property, { engine, other }: Means): boolean {
  if (needs === 'second server') return other !== undefined;
  if (needs === 'local server') return engine.kind === 'local';
  return needs === undefined || engine.throwaway;
}

/** @throws UsageError for a property that was asked for by its name and cannot be tried */
export function requireFit(property: Property, means: Means): void {
  if (isFit(property, means)) return;
  if (property.needs === 'second server') {
    throw new UsageError({
      what: `${property.name} takes two servers`,
      next: 'name them, for example: --from local:15 --to postgres:17-alpine',
    });
  }
  throw new UsageError({
    what: `${property.name} cannot be tried on this server`,
    why: `it takes a throwaway server${property.needs === 'local server' ? ' of this machine' : ''}: things go wrong there on purpose`,
    next: 'leave --url out, or use --engine local',
  });
}

type Chosen = Pick<ChosenSubject, 'subject' | 'recorded' | 'description'>;

/** Whether a property can be tried on a subject: of one that is only described, not everything is known. */
export function fitsSubject({ knows }: Property, { subject, recorded }: Chosen): boolean {
  if (knows === 'the built-in schema') return recorded === undefined;
  return knows === undefined || subject.traits.intake !== undefined;
}

/** @throws UsageError for a property that was asked for by its name and cannot be tried on the subject */
export function requireKnown(property: Property, chosen: Chosen): void {
  if (fitsSubject(property, chosen)) return;
  const { name } = property;
  if (property.knows === 'the built-in schema') {
    throw new UsageError({
      what: `${name} cannot be tried on this subject: ${chosen.description}`,
      why: 'it works on the tables and triggers of the built-in schema, by their names',
      next: 'leave out --subject or --migrations, or the property',
    });
  }
  throw new UsageError({
    what: `${name} cannot be tried on the subject ${chosen.subject.name}`,
    why: 'it asks for the rules of a subject, such as what it refuses and what it hashes, and a description has none',
    next: 'leave it out; docs/subjects.md says what is tried on a described subject',
  });
}

type Restoring = Pick<Engine, 'tools' | 'serverVersion'>;

/** @throws UsageError where nothing can come back on a server by its tools */
export function requireFittingTools(engine: Restoring): void {
  const unfit = unfitTools(engine);
  if (unfit) throw unfit;
}

/** Every restore by tools of 17 and newer begins with a setting that older servers do not know. */
export function unfitTools({ tools, serverVersion: server }: Restoring): UsageError | undefined {
  if (tools.version.major < 17 || server.major >= 17) return undefined;
  return new UsageError({
    what: `the client tools ${tools.version.text} in ${tools.directory} cannot restore into the server ${server.text}`,
    why: 'what they restore begins with SET transaction_timeout, which servers before 17 do not know',
    next: `install postgresql-client-${server.major}, or give --pg-bin DIR with tools of ${server.major}`,
  });
}

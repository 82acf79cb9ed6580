import { PROPERTIES } from '../../properties/all.ts';
import { thePipelineIsFaithful } from '../../properties/the-pipeline-is-faithful.ts';
import { drawPipelineCase } from '../case/pipeline-case.ts';
import type { Pipeline } from '../case/pipeline.ts';
import { UsageError } from '../errors.ts';
import { fitsSubject, isFit, requireFit, requireKnown } from '../fuzz/needs.ts';
import type { Property } from '../fuzz/property.ts';
import type { Servers } from '../postgres/open-servers.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';

/** What says which promises a run is about. */
interface Asking {
  readonly property: readonly string[];
  readonly explore: boolean;
}

/**
 * The promises that were asked for, whether or not they can be tried.
 * @throws UsageError for a name that is none
 */
export function askedProperties(
  { property: names, explore }: Asking,
  pipeline: Pipeline | undefined,
): readonly Property[] {
  if (pipeline) return [drawingWith(pipeline)];
  if (explore) return PROPERTIES.filter(({ name }) => name === 'nothing-is-lost-silently');
  if (names.length === 0) return PROPERTIES;
  return names.map((name) => {
    const found = PROPERTIES.find((property) => property.name === name);
    if (found) return found;
    throw new UsageError({
      what: `there is no property ${name}`,
      next: `the properties are: ${PROPERTIES.map((property) => property.name).join(', ')}`,
    });
  });
}

/** The one promise about a pipeline, over cases of this one. */
function drawingWith(pipeline: Pipeline): Property {
  return { ...thePipelineIsFaithful, draw: (world) => drawPipelineCase(world, pipeline) };
}

/** @throws UsageError for a promise that was asked for, if it cannot be tried on the subject */
export function refuseUnknown(
  asked: readonly Property[],
  { property: names, explore }: Asking,
  chosen: ChosenSubject,
): void {
  if (names.length === 0 && !explore) return;
  for (const property of asked) requireKnown(property, chosen);
}

/**
 * Of the promises that were asked for those that can be tried, and the names of those that cannot.
 * @throws UsageError for one that was asked for by its name and cannot be tried, and for two servers that none is about
 */
export function chooseProperties(
  asked: readonly Property[],
  { property: names }: Asking,
  { servers, chosen }: { readonly servers: Servers; readonly chosen: ChosenSubject },
): { readonly properties: readonly Property[]; readonly leftOut: readonly string[] } {
  if (names.length > 0) for (const property of asked) requireFit(property, servers);
  const between = asked.filter(({ needs }) => needs === 'second server');
  if (servers.other && between.length === 0) {
    throw new UsageError({
      what: 'nothing that was asked for goes from one server to another',
      next: 'leave --from and --to out, or leave the properties to them',
    });
  }
  // Two servers are there to go between them; that there is one is no lack.
  const wanted = servers.other ? between : asked;
  const fits = (property: Property): boolean => isFit(property, servers) && fitsSubject(property, chosen);
  return {
    properties: wanted.filter(fits),
    leftOut: wanted
      .filter(({ weight, needs }) => weight > 0 && needs !== 'second server')
      .filter((property) => !fits(property))
      .map(({ name }) => name),
  };
}

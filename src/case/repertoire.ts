import type { AuditEvent, Workload } from './case.ts';
import type { Repertoire } from './draw-text.ts';
import { expectedEffect } from './expected-effect.ts';
import type { SubjectTraits } from './subject-traits.ts';

/**
 * Which characters the rows that a workload leaves behind are made of. An escaped character in JSON counts like
 * a raw one: jsonb stores it raw, all but the C0 controls.
 */
export function repertoireOf(workload: Workload, traits: SubjectTraits): Repertoire {
  let found: Repertoire = 'ascii';
  for (const event of expectedEffect(workload, traits).accepted) {
    for (const text of storedTexts(event)) {
      if (/[\u0100-\u{10ffff}]/u.test(text)) return 'unicode';
      if (/\P{ASCII}/u.test(text)) found = 'latin1';
    }
  }
  return found;
}

/** The texts of an event, characters in its details decoded, and of its details those that are kept. */
export function storedTexts(event: AuditEvent): string[] {
  const { id, actor, actor_type, action, resource_type, resource_id, details } = event;
  return [id, actor, actor_type, action, resource_type, resource_id, ...jsonTexts(details)];
}

/** Of equal keys of an object jsonb keeps the last one's value (manual, 8.14), and so does JSON.parse. */
function jsonTexts(details: string | null): string[] {
  if (details === null || !NEEDS_A_LOOK.test(details)) return [];
  return textsIn(JSON.parse(details));
}

/** Without a character or an escape beyond ASCII it does not matter what is kept. */
const NEEDS_A_LOOK = /\P{ASCII}|\\u/u;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return [...keys, ...Object.values(value).flatMap(textsIn)];
}

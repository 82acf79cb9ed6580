import type { AuditEvent, Workload } from './case.ts';
import type { Repertoire } from './draw-text.ts';
import { expectedEffect } from './expected-effect.ts';
import { jsonTokens } from './json-text.ts';

/**
 * Which characters the rows that a workload leaves behind are made of. An escaped character in JSON counts like
 * a raw one: jsonb stores it raw, all but the C0 controls.
 */
export function repertoireOf(workload: Workload): Repertoire {
  let found: Repertoire = 'ascii';
  for (const event of expectedEffect(workload).accepted) {
    for (const text of storedTexts(event)) {
      if (/[\u0100-\u{10ffff}]/u.test(text)) return 'unicode';
      if (/\P{ASCII}/u.test(text)) found = 'latin1';
    }
  }
  return found;
}

/** The texts of an event, characters in its details decoded. */
export function storedTexts(event: AuditEvent): string[] {
  const { id, actor, actor_type, action, resource_type, resource_id, details } = event;
  const strings = details === null ? [] : jsonStrings(details);
  return [id, actor, actor_type, action, resource_type, resource_id, ...strings];
}

function jsonStrings(details: string): string[] {
  if (!details.includes('\\u')) return [details];
  return jsonTokens(details)
    .filter(({ kind }) => kind === 'string' || kind === 'key')
    .map(({ text }) => String(JSON.parse(text)));
}

import { expect, test } from 'vitest';
import { carryOver } from './carry-over.ts';
import { caseFileText, parseCaseFile } from './case-file.ts';
import { smokeCase } from './smoke-case.ts';

const FROM = { tables: { events: 'audit_events', head: 'audit_chain_head' } };
const TO = { tables: { events: 'audit_log', head: 'audit_log_head' } };

test('options that name a table name that of the other subject, and nothing else changes', () => {
  const trial = {
    ...smokeCase(1),
    dump: {
      format: 'plain' as const,
      options: [
        '--table=audit_events',
        '--exclude-table-data=audit_chain_head',
        '--table=audit_*',
        '--no-owner',
      ],
    },
    restore: { tool: 'psql' as const, options: ['--set=x=audit_events'] },
  };
  const carried = carryOver(trial, FROM, TO);
  expect(carried.dump.options).toEqual([
    '--table=audit_log',
    '--exclude-table-data=audit_log_head',
    '--table=audit_*',
    '--no-owner',
  ]);
  expect({ ...carried, dump: trial.dump }).toEqual(trial);
  expect(carryOver(carried, TO, FROM)).toEqual(trial);
});

test.each([undefined, 'hardened', { migrations: 'db/migrations' }] as const)(
  'a case file keeps the subject %j',
  (subject) => {
    const text = caseFileText(smokeCase(1), undefined, subject);
    expect(parseCaseFile(text, 'a case')).toEqual({ trial: smokeCase(1), found: undefined, subject });
  },
);

test('a subject that is none is refused', () => {
  const text = JSON.stringify({ ...smokeCase(1), subject: 'softened' });
  expect(() => parseCaseFile(text, 'a case')).toThrow('a case is not a valid case');
});

import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { mergeParts } from '../merge-parts.ts';
import { exampleReport, exampleSelftest } from '../test-report.ts';
import { htmlText } from './page.ts';

/** The standard and the rules of accessibility. What is off is a matter of style. */
const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:recommended'],
    rules: {
      'doctype-style': 'off',
      'void-style': 'off',
      'no-trailing-whitespace': 'off',
      'no-inline-style': 'off',
    },
  }),
);

async function faultsOf(text: string): Promise<string[]> {
  const { results } = await validator.validateString(text);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
  );
}

describe('index.html', () => {
  const report = exampleReport({ cases: 120, findings: 3 });
  const text = htmlText(report);

  test('is valid', async () => {
    expect(await faultsOf(text)).toEqual([]);
    expect(await faultsOf(text.replace('</h1>', ''))).not.toEqual([]);
  });

  test('needs nothing beside itself', () => {
    const { document } = parseHTML(text);
    expect(document.querySelectorAll('[src], [href], link, iframe, base, object')).toHaveLength(0);
    expect(text.match(/@import|url\(/g)).toBeNull();
    const addresses = new Set(text.match(/https?:[^\s"'<]*/g));
    expect([...addresses].filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([]);
  });

  test('has no text that could be markup, and no character that nobody sees', () => {
    expect(text.includes('&#60;/script&#62;&#60;script&#62;')).toBe(true);
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text.match(/<img/g)).toBeNull();
    expect(text.match(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Noncharacter_Code_Point}/gu)).toBeNull();
    expect(text.includes(String.raw`\u202e`)).toBe(true);
  });

  test('counts who noticed what was done to dumps', () => {
    const { document } = parseHTML(text);
    const cells = [...document.querySelectorAll('.tallies tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(cells[0]).toEqual([
      'what',
      'cases',
      'refused by the tool',
      'seen by checks only',
      'checks that failed',
    ]);
    expect(cells.slice(1).map((row) => row.slice(0, 4))).toEqual([
      ['custom', '10', '0', '10'],
      ['plain', '20', '20', '0'],
      ['tar', '9', '0', '9'],
    ]);
    expect(cells[1]?.[4]).toContain('10 row-bytes');
  });

  test('is valid for reports of several commands, too', async () => {
    const reads = [report, exampleSelftest()].map((each, index) => ({ file: `${index}`, report: each }));
    const whole = mergeParts(reads, {
      program: 'restoreproof',
      repeat: 'restoreproof merge 0 1',
      options: {},
    });
    expect(await faultsOf(htmlText(whole))).toEqual([]);
  });

  test('is valid for a run that tried nothing, too', async () => {
    const nothing = htmlText(exampleReport({ cases: 0, findings: 0 }));
    expect(await faultsOf(nothing)).toEqual([]);
    expect(nothing.includes('No case was tried.')).toBe(true);
  });
});

test('the kill matrix names what each check reports, and what survived', async () => {
  const text = htmlText(exampleSelftest());
  expect(await faultsOf(text)).toEqual([]);
  const { document } = parseHTML(text);
  expect([...document.querySelectorAll('.kills thead th')].map((cell) => cell.textContent?.trim())).toEqual([
    'mutant',
    'row-count',
    'row-bytes',
    'tool',
    'standing',
    'drawn cases',
  ]);
  expect(document.querySelectorAll('.kills .kill')).toHaveLength(3);
  expect(document.querySelector('.kills .flaw code')?.textContent).toBe('blind');
  expect(document.querySelector('#canaries')).not.toBeNull();
});

test('a command without a case shows the values of its failed checks, and what is not proven', async () => {
  const { findings, ...report } = exampleReport({ cases: 0, findings: 1 });
  const checks = findings[0]?.checks ?? [];
  const text = htmlText({
    ...report,
    command: 'drill',
    findings: [],
    checks,
    not_proven: ['<that it is the newest>'],
    stages: { restore: 12 },
  });
  expect(await faultsOf(text)).toEqual([]);
  const { document } = parseHTML(text);
  expect(document.querySelectorAll('.check mark').length).toBeGreaterThan(1);
  expect(text.includes('&#60;that it is the newest&#62;')).toBe(true);
  expect(document.querySelectorAll('svg')).toHaveLength(1);
});

test('a run of thousands of cases, all red, stays under a megabyte and says what it leaves out', () => {
  const text = htmlText(exampleReport({ cases: 20_000, findings: 300 }));
  expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  expect(text.match(/250 more findings/)).not.toBeNull();
});

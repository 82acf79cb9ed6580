import axe from 'axe-core';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { junitText } from '../junit.ts';
import { exampleReport, exampleSelftest } from '../test-report.ts';
import { htmlText } from './page.ts';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = PROGRAMS.find((path) => existsSync(path));

// Where there is no browser these are skipped, and counted; CI installs one.
describe.skipIf(program === undefined)('in a browser', () => {
  let browser: Browser;
  let directory: string;
  const faults: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'report-'));
    const report = exampleReport({ cases: 120, findings: 3 });
    await writeFile(join(directory, 'index.html'), htmlText(report));
    await writeFile(join(directory, 'selftest.html'), htmlText(exampleSelftest()));
    await writeFile(join(directory, 'junit.xml'), junitText(report));
    browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true });
  });

  async function open(
    {
      width = 1200,
      scheme = 'light',
      file = 'index.html',
    }: { width?: number; scheme?: 'light' | 'dark'; file?: string },
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) faults.push(request.url());
    });
    await page.goto(`file://${directory}/${file}`);
    await look(page);
    await page.close();
    expect(faults).toEqual([]);
  }

  test('the verdict stands on top, and hurting texts do nothing', async () => {
    await open({}, async (page) => {
      expect(await page.locator('h1').innerText()).toBe('FAIL 3 findings.');
      expect(await page.title()).toBe('Fail: restoreproof fuzz');
      expect(await page.locator('img').count()).toBe(0);
    });
  });

  test('a cell opens its cases, those that are not as predicted first', async () => {
    await open({}, async (page) => {
      const cell = page.locator('.cell', { has: page.locator('.flag') }).first();
      const [count = 0] = (await cell.innerText()).split(' ').map(Number);
      await cell.click();
      const dialog = page.locator('dialog');
      expect(await dialog.locator('h2').innerText()).toBe(
        `every case, lossy: ${count} cases, 3 not as predicted`,
      );
      expect(await dialog.locator('tbody tr').count()).toBe(Math.min(20, count));
      expect(await dialog.locator('tbody tr').first().innerText()).toContain('⚑ case 0');
      expect(await dialog.locator('tbody tr code').first().innerText()).toBe(
        'restoreproof fuzz --seed 7 --case 0',
      );
      await page.keyboard.press('Escape');
      expect(await dialog.isVisible()).toBe(false);
    });
  });

  test('the keyboard walks the cells and opens one', async () => {
    await open({}, async (page) => {
      await page.locator('.cell').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      expect(await page.locator('dialog h2').innerText()).toMatch(/^custom, refused: \d+ cases/);
      await page.keyboard.press('Enter');
      expect(await page.locator('dialog').isVisible()).toBe(false);
    });
  });

  test('both values stand side by side, with what differs marked, and the command is copied', async () => {
    await open({}, async (page) => {
      const check = page.locator('.finding').first().locator('.check').nth(1);
      expect(await check.locator('mark').allInnerTexts()).toEqual(['2', '3']);
      const boxes = await check
        .locator('pre')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
      expect(boxes[0]).toBe(boxes[1]);
      expect(await check.locator('.bytes').innerText()).toBe('from byte 15: 32 against 33');
      const button = page.locator('.finding').first().locator('.copy');
      await button.click();
      await button.filter({ hasText: /^(Copied|Selected)$/ }).waitFor();
    });
  });

  test.each([
    { width: 1200, scheme: 'light' },
    { width: 400, scheme: 'dark' },
    { width: 400, scheme: 'light', file: 'selftest.html' },
  ] as const)('without faults of accessibility, and no wider than the screen: %j', async (look) => {
    await open(look, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width);
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(background).toBe(look.scheme === 'light' ? 'rgb(253, 253, 251)' : 'rgb(22, 24, 28)');
      await page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true");
      // The strongest colours that a cell can have.
      await page.evaluate(
        "for (const cell of document.querySelectorAll('.cell')) cell.style.setProperty('--share', '100%')",
      );
      await page.addScriptTag({ content: axe.source });
      const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run()',
      );
      const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      expect(violations).toEqual([]);
    });
  });

  test('junit.xml is XML', async () => {
    const page = await browser.newPage();
    await page.goto(`file://${directory}/junit.xml`);
    expect(await page.evaluate("document.querySelectorAll('parsererror').length")).toBe(0);
    expect(await page.evaluate("document.querySelectorAll('testcase').length")).toBe(121);
    await page.close();
  });
});

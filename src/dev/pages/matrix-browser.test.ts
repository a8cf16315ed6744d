import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { rules } from '../../../rules/index.js';
import { visible } from '../../base/visible.js';
import { negotiationOf } from '../../contract/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { formatMatrixHtml } from '../../report/html/matrix-page.js';
import { scanReport } from '../../report/index.js';
import { filesBelow, fixturesFolder } from '../examples/example-tree.js';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const isWanted = process.env['DMABUF_LINT_NEED_BROWSER'] !== undefined;
if (isWanted && !program) throw new Error('chromium is not installed; `apt-get install chromium` brings it');
/** To start a browser takes longer than most tests. */
const skip = isWanted ? false : 'only with DMABUF_LINT_NEED_BROWSER=1, as in CI';

/** Names and comments of a tree that contain HTML and script. */
const odd = {
  file: 'drivers/odd/<script>alert(1)</script>/"><img src=x onerror=alert(2)>\r\u2028\u001b[2J.c',
  comment: '/* </script><script>alert(3)</script> <b>bold</b> &amp; \u202e */',
  longName: `a_${'very_'.repeat(39)}ops`,
};

/** A fixture tree with such a driver, and one with a name of 200 characters. */
async function writePage(path: string): Promise<void> {
  const root = join(fixturesFolder, 'invalidate-mappings');
  const files = Object.fromEntries(filesBelow(root).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
  files[odd.file] = stub.replace(/\/\* <b>.*\*\//, odd.comment);
  files['drivers/odd/long.c'] = stub.replaceAll('odd_ops', odd.longName).replaceAll('odd_', 'long_');
  const result = await lintTree(openMemory('example', files), rules, defaultConfig);
  const report = scanReport(outcomeOf(result), { repository: null, changedLines: new Map() });
  const negotiation = negotiationOf(result.contract);
  writeFileSync(path, formatMatrixHtml({ negotiation, report, changes: null, version: '0.0.0' }));
}

describe('the page of the negotiation table, in a browser', { skip }, () => {
  let folder: string;
  let browser: Browser;
  let address: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'matrix-'));
    const path = join(folder, 'matrix.html');
    await writePage(path);
    address = pathToFileURL(path).href;
    browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page; nothing may go wrong in it, and nothing may leave it. */
  async function withPage(
    options: Parameters<Browser['newPage']>[0],
    work: (page: Page) => Promise<void>,
  ): Promise<void> {
    const page = await browser.newPage(options);
    const troubles: string[] = [];
    page.on('console', (message) => void troubles.push(message.text()));
    page.on('pageerror', (error) => void troubles.push(String(error)));
    page.on('dialog', (dialog) => void troubles.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== address) troubles.push(`request: ${request.url()}`);
    });
    try {
      await page.goto(address);
      await work(page);
      assert.deepEqual(troubles, []);
    } finally {
      await page.close();
    }
  }

  async function assertFits(page: Page, what: string, colorScheme: 'light' | 'dark'): Promise<void> {
    const [scroll = 0, inner = 0] = await page.evaluate<readonly number[]>(
      '[document.documentElement.scrollWidth, window.innerWidth]',
    );
    assert.ok(scroll <= inner, `${what}: ${scroll} > ${inner}`);
    for (const table of ['.matrix', '#importers .facts', '#exporters .facts']) {
      const head = await page.locator(`${table} tbody th`).first().boundingBox();
      // Names stand beside each other, not one letter below the other.
      assert.ok(head && head.width >= 120 && head.height < 200, `${what}, ${table}: ${JSON.stringify(head)}`);
    }
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    assert.equal(ground, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 24, 27)', what);
  }

  it('fits 400, 1400 and 2000 pixels, light and dark', () =>
    withPage({}, async (page) => {
      for (const width of [400, 1400, 2000])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await assertFits(page, `${width} pixels, ${colorScheme}`, colorScheme);
        }
    }));

  it('keeps the names in sight when the table is scrolled', () =>
    withPage({ viewport: { width: 600, height: 500 } }, async (page) => {
      await page.evaluate("document.querySelector('.scroll').scrollTo(400, 300)");
      const box = await page.locator('.scroll').first().boundingBox();
      const row = await page.locator('.matrix tbody th').first().boundingBox();
      const column = await page.locator('.matrix thead th').nth(3).boundingBox();
      assert.ok(box && row && column);
      assert.ok(Math.abs(row.x - box.x) < 3 && Math.abs(column.y - box.y) < 3);
    }));

  it('opens the evidence of a cell by mouse, and closes it', () =>
    withPage({}, async (page) => {
      await page.locator('td[data-verdict="unsafe"] a').first().click();
      const dialog = page.locator('dialog[open]');
      assert.match(await dialog.innerText(), /unsafe: .* with /);
      assert.match(await dialog.innerText(), /does not stop access/);
      assert.ok((await dialog.locator('pre.frame mark').count()) > 0);
      await dialog.getByRole('button', { name: 'Close' }).click();
      assert.equal(await page.locator('dialog[open]').count(), 0);
    }));

  it('goes from cell to cell by arrow keys, opens by Enter and closes by Escape, back where it was', () =>
    withPage({}, async (page) => {
      await page.locator('.matrix tbody tr').nth(0).locator('td a').nth(0).focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      const href = await page.evaluate("document.activeElement.getAttribute('href')");
      const expected = await page.locator('.matrix tbody tr').nth(1).locator('td a').nth(1).getAttribute('href');
      assert.equal(href, expected);
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('dialog[open]').count(), 1);
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('dialog[open]').count(), 0);
      assert.equal(await page.evaluate("document.activeElement.getAttribute('href')"), href);
    }));

  it('filters by driver and by verdict', () =>
    withPage({}, async (page) => {
      const rows = page.locator('.matrix tbody tr:not([hidden])');
      const all = await rows.count();
      await page.getByRole('searchbox').fill('split');
      assert.equal(await rows.count(), 1);
      assert.match(await rows.first().innerText(), /split_attach_ops/);
      await page.getByRole('searchbox').fill('');
      assert.equal(await rows.count(), all);
      await page.getByRole('searchbox').fill('zzzz');
      assert.match(await page.locator('.filters output').innerText(), /^0 of \d+ cells$/);
      await page.getByRole('searchbox').fill('');
      await page.getByRole('checkbox', { name: 'works' }).uncheck();
      const faded = await page.locator('td.faded').count();
      assert.equal(faded, await page.locator('td[data-verdict="works"]').count());
    }));

  it('shows what a tree says as text, and runs none of it', () =>
    withPage({}, async (page) => {
      const text = await page.locator('#findings').innerText();
      assert.ok(text.includes(visible(odd.file)), text.slice(0, 2000));
      assert.ok(text.includes('</script><script>alert(3)</script> <b>bold</b> &amp; \\u202e'));
      assert.equal(await page.locator('script').count(), 1);
      assert.equal(await page.locator('img').count(), 0);
      assert.ok((await page.locator('#importers').innerText()).includes(odd.longName));
    }));

  it('can be read without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address);
    assert.equal(await page.locator('form.filters').isVisible(), false);
    assert.equal(await page.locator('#evidence').isVisible(), true);
    const link = page.locator('td[data-verdict="unsafe"] a').first();
    const id = (await link.getAttribute('href')) ?? '';
    await link.click();
    assert.ok(page.url().endsWith(id));
    assert.match(await page.locator(id).innerText(), /does not stop access/);
    await context.close();
  });
});

/** The built Runs page in a real browser, against the real server. */
import AxeBuilder from '@axe-core/playwright';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databasePath } from '../../src/main/library';
import { createApi } from '../../src/main/shell/api';
import { startServer, type HeadlessServer } from '../../src/main/shell/headless/server';
import { openRunSource, type RunSource } from '../../src/main/shell/run-source';
import { launchBrowser, noBrowser } from './browser';
import { writeExampleLibrary } from './example-library';

const pages = resolve('out/renderer');
const missing = noBrowser ?? (existsSync(pages) ? undefined : 'the renderer is not built: npm run build');

describe('the Runs page', () => {
  let folder: string;
  let library: string;
  let browser: Browser;
  let runs: RunSource;
  let server: HeadlessServer;
  let page: Page;

  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'selvedge-page-'));
    library = join(folder, 'library');
    runs = openRunSource(databasePath(library));
    server = await startServer(createApi({ library, runs, pages }));
    if (missing) return;
    browser = await launchBrowser();
    page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server.close();
    runs.close();
    rmSync(folder, { recursive: true });
  });

  test('an empty library teaches, and runs appear by themselves', async () => {
    await page.goto(server.url);
    await page.getByText('npx selvedge train quick', { exact: true }).waitFor();
    expect(page.url()).not.toContain('token');

    writeExampleLibrary(library);
    await page.getByRole('row', { name: /simclr-r18 baseline/ }).waitFor();
  });

  test('a row says how a run stands', async () => {
    const done = page.getByRole('row', { name: /simclr-r18 baseline/ });
    expect(await done.innerText()).toMatch(/Done[\s\S]*simclr[\s\S]*54\.1 %[\s\S]*10\/10[\s\S]*1 h 0 min/);
    await page.getByRole('img', { name: 'Loss of simclr-r18 baseline so far' }).waitFor();

    const failed = page.getByRole('row', { name: /simclr-r18 lr 3/ });
    expect(await failed.innerText()).toMatch(
      /became NaN at step 52[\s\S]*Lower the learning rate[\s\S]*selvedge resume/,
    );

    const bar = page.getByRole('progressbar');
    expect(await bar.count()).toBe(1);
    expect(await bar.getAttribute('aria-valuenow')).toBe('64');
  });

  test.each(['light', 'dark'] as const)('has no accessibility fault in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
      [],
    );
  });

  test('a host that is gone is said, and what was seen stays', async () => {
    await page.route('**/api/runs', (route) => route.abort());
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/Not connected since \d\d:\d\d/);
    expect(await page.getByRole('row').count()).toBe(7);

    await page.unroute('**/api/runs');
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});

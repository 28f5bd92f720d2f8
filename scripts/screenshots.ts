/**
 * Pictures of every page, light and dark, at two sizes:
 *
 *   node scripts/run-ts.mjs scripts/screenshots.ts <out> [library]
 *
 * Without a library the runs are made-up examples.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openApp } from '../src/main/app/app';
import { startServer } from '../src/main/shell/headless/server';
import { runRowsSchema } from '../src/shared/api/run-rows';
import { launchBrowser } from '../tests/shell/browser';
import { writeExampleLibrary } from '../tests/shell/example-library';

const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;

const [out = 'screenshots', given] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'selvedge-screenshots-'));
const example = join(folder, 'example');
writeExampleLibrary(example);
mkdirSync(out, { recursive: true });

const browser = await launchBrowser();

/** Opens a host on the library and takes a picture of each page in each theme and size. */
async function picture(library: string, pagesOf: (runs: string[]) => Record<string, string>): Promise<void> {
  const app = await openApp({
    runner: { script: resolve('out/runner/index.js') },
    library,
    shell: 'headless',
    roots: [folder],
    pages: resolve('out/renderer'),
  });
  const server = await startServer(app);
  const answer = await app.fetch(new Request('http://127.0.0.1/data/runs?metrics=loss'));
  const { rows } = runRowsSchema.parse(await answer.json());
  const pages = Object.entries(pagesOf(rows.map(({ id }) => id)));
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of SIZES) {
      const context = await browser.newContext({ colorScheme, locale: 'en-US', viewport: { width, height } });
      const page = await context.newPage();
      await page.goto(server.url, { waitUntil: 'networkidle' });
      for (const [name, hash] of pages) {
        await page.evaluate((target) => (location.hash = target), hash);
        await page.waitForLoadState('networkidle');
        await page.evaluate(() => document.fonts.ready);
        await page.waitForTimeout(SETTLED);
        await page.screenshot({ path: join(out, `${name}-${colorScheme}-${width}.png`) });
      }
      await context.close();
    }
  await server.close();
  await app.close();
}

/** Previews and skeletons take this long at most, milliseconds. */
const SETTLED = 2500;

await picture(given ? resolve(given) : example, (runs) => ({
  runs: '#/runs',
  new: '#/new?preset=quick',
  ...Object.fromEntries(runs.slice(0, 6).map((id, place) => [`run${place}`, `#/runs/${id}`])),
  compare: `#/compare?runs=${runs.slice(0, 4).join(',')}`,
  data: '#/data',
  sample: '#/data/sample',
  settings: '#/settings',
}));
await picture(join(folder, 'none'), () => ({ empty: '#/runs' }));
await browser.close();
rmSync(folder, { recursive: true });

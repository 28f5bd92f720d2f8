/** Pictures of the app, light and dark, at two sizes: node scripts/run-ts.mjs scripts/screenshots.ts <out> [library] */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openApp } from '../src/main/app/app';
import { startServer } from '../src/main/shell/headless/server';
import { launchBrowser } from '../tests/shell/browser';
import { writeExampleLibrary } from '../tests/shell/example-library';

const [out = 'screenshots', given] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'selvedge-screenshots-'));
writeExampleLibrary(join(folder, 'example'));
mkdirSync(out, { recursive: true });

const browser = await launchBrowser();
const libraries = { runs: given ? resolve(given) : join(folder, 'example'), empty: join(folder, 'none') };
for (const [name, library] of Object.entries(libraries)) {
  const app = await openApp({
    runner: { script: resolve('out/runner/index.js') },
    library,
    shell: 'headless',
    roots: [folder],
    pages: resolve('out/renderer'),
  });
  const server = await startServer(app);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      const context = await browser.newContext({ colorScheme, locale: 'en-US', viewport: { width, height } });
      const page = await context.newPage();
      await page.goto(server.url, { waitUntil: 'networkidle' });
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(out, `${name}-${colorScheme}-${width}.png`) });
      await context.close();
    }
  }
  await server.close();
  await app.close();
}
await browser.close();
rmSync(folder, { recursive: true });

/**
 * Pictures of every page, light and dark, at two sizes:
 *
 *   node scripts/run-ts.mjs scripts/screenshots.ts <out> [library]
 *
 * Without a library the runs are made-up examples, and the embeddings of the explorer are raw pixels. Build first.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { openApp, type App } from '../src/main/app/app';
import { startServer } from '../src/main/shell/headless/server';
import { runRowsSchema } from '../src/shared/api/run-rows';
import { launchBrowser } from '../tests/shell/browser';
import { writeExampleExperiment, writeExampleLibrary } from '../tests/shell/example-library';

const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;

const [out = 'screenshots', given] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'selvedge-screenshots-'));
const example = join(folder, 'example');
writeExampleLibrary(example);
writeExampleExperiment(example);
mkdirSync(out, { recursive: true });

const browser = await launchBrowser();

/** Opens a host on the library and takes a picture of each page in each theme and size. */
async function picture(
  library: string,
  pagesOf: (runs: string[], sets: string[], experiment: string) => Record<string, string>,
): Promise<void> {
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
  const sets = await setsOf(app, library === example);
  const [started] = await createRouterClient(app.router).experiments.list();
  const pages = Object.entries(
    pagesOf(
      rows.map(({ id }) => id),
      sets,
      started === undefined ? DEFINED : `${started.experiment}?name=${started.id}`,
    ),
  );
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

/** Ids of the sets that there are; of the example, the sample as raw pixels, with a map and a measurement. */
async function setsOf({ router }: App, isExample: boolean): Promise<string[]> {
  const { explorer } = createRouterClient(router);
  if (!isExample) return (await explorer.sets.list()).filter(({ count }) => count > 0).map(({ id }) => id);
  const sets: string[] = [];
  const atRest = async (id: string): Promise<void> => {
    for (;;) {
      const set = (await explorer.sets.list()).find((other) => other.id === id);
      if (!set?.work) return;
      await new Promise((resume) => setTimeout(resume, 200));
    }
  };
  for (const side of [16, 4]) {
    const { id } = await explorer.sets.embed({ encoder: { kind: 'pixels', side }, dataset: 'sample' });
    await atRest(id);
    sets.push(id);
  }
  const [set] = sets;
  await explorer.maps.make({ set, method: 'pca' });
  await atRest(set);
  await explorer.copies.find({ set });
  await atRest(set);
  await explorer.measures.measure({ set, protocol: { kind: 'classes', maxQueries: 200 } });
  await atRest(set);
  return sets;
}

/** An experiment that can be started. */
const DEFINED = 'simclr-cifar10';

/** Previews and skeletons take this long at most, milliseconds. */
const SETTLED = 2500;

const explorePages = (set: string, other: string | undefined): Record<string, string> => {
  const query = `set=${set}&query=row:${set}:2640`;
  return {
    explore: `#/explore?${query}`,
    'explore-two': `#/explore?${query}&with=${other ?? ''}`,
    'explore-copies': `#/explore?${query}&tab=copies`,
    'explore-map': `#/explore?${query}&tab=map`,
    'explore-evaluate': `#/explore?${query}&tab=evaluate`,
  };
};

await picture(given ? resolve(given) : example, (runs, [set, other], experiment) => ({
  runs: '#/runs',
  new: '#/new?preset=quick',
  ...Object.fromEntries(runs.slice(0, 6).map((id, place) => [`run${place}`, `#/runs/${id}`])),
  experiments: `#/experiments/${DEFINED}`,
  experiment: `#/experiments/${experiment}`,
  compare: `#/compare?runs=${runs.slice(0, 4).join(',')}`,
  ...(set === undefined ? {} : explorePages(set, other)),
  data: '#/data',
  sample: '#/data/sample',
  settings: '#/settings',
}));
await picture(join(folder, 'none'), () => ({ empty: '#/runs' }));
await browser.close();
rmSync(folder, { recursive: true });

/** The explorer as its users know it: embed, drop, walk, compare, find copies, map and lasso, see attention. */
import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import {
  addImages,
  create,
  embedded,
  noBrowser,
  openPage,
  picturesIn,
  runIn,
  startHost,
  tiny,
  until,
  useBrowser,
} from './support';

const browser = useBrowser();

const neighbours = (page: Page) => page.getByRole('list', { name: /^Neighbours by/ });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');

/** Drops files on the window, as a file manager does; none drops the address of a picture on the web. */
async function drop(
  page: Page,
  files: readonly { name: string; bytes: Buffer; type?: string }[],
): Promise<void> {
  const given = files.map(({ name, bytes, type }) => ({ name, type, base64: bytes.toString('base64') }));
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of all)
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
    if (all.length === 0) transfer.setData('text/uri-list', 'https://example.org/cat.jpg');
    return transfer;
  }, given);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await page.getByText('Drop an image to see what is near it').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await page.getByText('Drop an image to see what is near it').waitFor({ state: 'hidden' });
}

it.skipIf(noBrowser)(
  'embeds with a trained encoder, searches with dropped images and walks on by keys',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const images = await writeImages(join(folder, 'images'), 16);
    const host = await startHost(join(folder, 'library'), [folder]);
    await addImages(host, images);
    const run = await create(host, 'encoder', { ...tiny(images), maxSteps: 2 });
    await runIn(host, run.id, 'done');
    // Pictures that are refused are errors to the browser as well.
    const page = await openPage(browser(), host.url, `#/runs/${run.id}`, { provoked: /status of 4\d\d/ });

    // Each image of the run's data leads to what is like it.
    const similar = page.getByRole('link', { name: /^Image \d+$/ }).first();
    expect(await similar.getAttribute('href')).toMatch(/^#\/explore\?query=dataset%3A[\w-]+%3A\d+$/);

    // From the run to its embeddings.
    await page.getByRole('button', { name: 'Explore', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Embed images' });
    await until(async () =>
      expect(await dialog.getByLabel('Encoder', { exact: true }).inputValue()).toBe(`run:${run.id}`),
    );
    await dialog.getByLabel('Images', { exact: true }).selectOption({ label: 'images (32 images)' });
    await dialog.getByRole('button', { name: 'Embed', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    const begin = page.getByRole('list', { name: 'Images to begin with' });
    await until(async () => expect(await begin.getByRole('button').count()).toBe(24));

    // What is no image, or only an address, is refused with the reason.
    await drop(page, [{ name: 'notes.txt', bytes: Buffer.from('no picture') }]);
    await page.getByText(/notes\.txt/).waitFor();
    await drop(page, []);
    await page.getByText(/fetches nothing from the network/).waitFor();

    // An image that is not in the library.
    const red = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c83c3c' } })
      .jpeg()
      .toBuffer();
    await drop(page, [{ name: 'new red.jpg', bytes: red }]);
    const query = page.getByRole('complementary', { name: 'The query' });
    await query.getByText('JPEG, 40 × 30 px').waitFor();
    await until(async () => expect(await neighbours(page).getByRole('button').count()).toBe(20));
    expect(await picturesIn(neighbours(page))).toBe(20);
    await query.getByRole('region', { name: 'Vote of the neighbours' }).getByText('% sure').waitFor();
    await page.getByText(/^decode [\d.]+ \+ encoder [\d.]+ \+ search [\d.]+ ms, exact over 32/).waitFor();

    // Keys walk the grid, make a result the query, and lead back.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const walked = await until(async () => {
      const label = await focused(page);
      expect(label).toMatch(/^3\b/);
      return label;
    });
    const name = /(?:red|blue)\/\d+\.png/.exec(walked)![0];
    await page.keyboard.press('Enter');
    await query.getByText(name.split('/').at(-1)!, { exact: true }).waitFor();
    expect(new URL(page.url()).hash).toContain('query=row%3A');
    await neighbours(page)
      .getByRole('button', { name: /the query itself/ })
      .waitFor();
    await page.keyboard.press('Backspace');
    await query.getByText('new red.jpg', { exact: true }).waitFor();

    // More like one, less like another; k by a digit.
    await neighbours(page).getByRole('button', { name: /^2\b/ }).focus();
    await page.keyboard.press('+');
    await query.getByRole('region', { name: 'More like' }).waitFor();
    await page.keyboard.press('1');
    // Ten, and the one that is now part of the query.
    await until(async () => expect(await neighbours(page).getByRole('button').count()).toBe(11));

    // Only one class answers.
    await page.getByRole('button', { name: /^Filters/ }).click();
    await page.getByRole('group', { name: 'Classes' }).getByText('blue').click();
    await until(async () =>
      expect(
        await neighbours(page)
          .getByRole('button', { name: /blue\// })
          .count(),
      ).toBe(10),
    );
  },
);

it.skipIf(noBrowser)(
  'takes an image that is dropped on any page, and keeps it until there are embeddings',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const images = await writeImages(join(folder, 'images'), 8);
    const host = await startHost(join(folder, 'library'), [folder]);
    const dataset = await addImages(host, images);
    const page = await openPage(browser(), host.url, '#/runs');
    const red = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c83c3c' } })
      .png()
      .toBuffer();
    await page.getByRole('heading', { name: 'Runs' }).first().waitFor();
    await drop(page, [{ name: 'new red.png', bytes: red }]);
    await page.getByText('searched with as soon as there are embeddings').waitFor();
    await page.getByRole('img', { name: 'Query: new red.png' }).waitFor();

    await embedded(host, { kind: 'pixels', side: 4 }, dataset);
    await until(async () => expect(await neighbours(page).getByRole('button').count()).toBe(16));
    const query = page.getByRole('complementary', { name: 'The query' });
    await query.getByText('new red.png', { exact: true }).waitFor();

    // From a page that takes folders as well, and to the neighbours whatever was shown of the last query.
    await page.keyboard.press('v');
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('article', { name: 'Sample' }).waitFor();
    await drop(page, [{ name: 'another.png', bytes: red, type: 'image/png' }]);
    await query.getByText('another.png', { exact: true }).waitFor();
    await neighbours(page).first().waitFor();

    // Of two sets that are searched together, both have their folders among the filters.
    const others = await writeImages(join(folder, 'others'), 4);
    await rename(join(others, 'red'), join(others, 'crimson'));
    await embedded(host, { kind: 'pixels', side: 4 }, await addImages(host, others));
    await page.getByRole('button', { name: /^Filters/ }).click();
    const folders = page.getByRole('group', { name: 'Folders' }).last();
    await folders.getByText('red/').waitFor();
    await page.getByRole('checkbox', { name: /^others/ }).check();
    await folders.getByText('crimson/').click();
    await until(async () => expect(await neighbours(page).getByRole('button').count()).toBe(4));
  },
);

it.skipIf(noBrowser)(
  'compares two encoders, finds planted copies, draws the map and measures',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const images = await writeImages(join(folder, 'images'), 16);
    await copyFile(join(images, 'red/003.png'), join(images, 'red/003 copy.png'));
    await copyFile(join(images, 'blue/007.png'), join(images, 'blue/007 copy.png'));
    const host = await startHost(join(folder, 'library'), [folder]);
    const dataset = await addImages(host, images);
    for (const side of [4, 8]) await embedded(host, { kind: 'pixels', side }, dataset);
    const page = await openPage(browser(), host.url, '#/explore');
    await page
      .getByLabel('Embeddings', { exact: true })
      .selectOption({ label: 'Raw pixels, 8 px on images' });
    await page.getByRole('list', { name: 'Images to begin with' }).getByRole('button').first().click();
    await neighbours(page).first().waitFor();

    // Another encoder beside it: how much both find, and what moved.
    await page.getByLabel('Second encoder').selectOption({ label: 'Raw pixels, 4 px on images' });
    await page.getByText(/^\d+ of 20 the same/).waitFor();
    const second = page.getByRole('list', { name: 'Neighbours by Raw pixels, 4 px' });
    await second
      .getByRole('button', { name: /with the second encoder|other encoder/ })
      .first()
      .waitFor();

    // Copies: the planted ones are in groups of two, and one of each is suggested.
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Find copies' }).click();
    const groups = page.getByRole('list', { name: 'Groups of copies' });
    await groups.waitFor();
    const slider = page.getByRole('slider', { name: /^Called copies/ });
    await slider.focus();
    await page.keyboard.press('End');
    await page.getByText(/^2\s+groups of 4 images/).waitFor();
    for (const name of ['003', '007']) await groups.getByText(`${name} copy.png`).waitFor();
    await until(async () => expect(await groups.getByText('Keep?').count()).toBe(2));
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the list…' }).click();
    const csv = await readFile(await (await saved).path(), 'utf8');
    expect(csv.split('\r\n').filter((line) => line.includes(',keep,'))).toHaveLength(2);
    await groups.getByRole('button', { name: 'Compare' }).first().click();
    const compare = page.getByRole('dialog', { name: 'Compare copies' });
    // Each twice: small at once, then with all its pixels.
    expect(await picturesIn(compare)).toBe(4);
    await compare.getByRole('button', { name: 'Slider' }).click();
    await compare.getByRole('slider', { name: 'Edge' }).waitFor();
    await page.keyboard.press('Escape');
    await compare.waitFor({ state: 'hidden' });

    // The map is made when it is asked for, and a lasso selects.
    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'PCA' }).click();
    await page.getByRole('button', { name: 'Make the map' }).click();
    const lasso = page.getByRole('button', { name: /^Draw around images/ });
    await lasso.waitFor();
    await lasso.click();
    const canvas = page.locator('.ui-tab-panel canvas').first();
    const box = (await canvas.boundingBox())!;
    const corners = [
      [0.02, 0.02],
      [0.98, 0.02],
      [0.98, 0.98],
      [0.02, 0.98],
      [0.02, 0.02],
    ].map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
    await page.mouse.move(...corners[0]);
    await page.mouse.down();
    for (const [x, y] of corners) await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
    await page.getByText('34 selected', { exact: true }).waitFor();

    // It is outlined among the neighbours, by both encoders, and stays while keys walk there.
    await page.keyboard.press('n');
    const outlined = page.getByRole('button', { name: /selected on the map/ });
    await until(async () => expect(await outlined.count()).toBe(42));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await until(async () => expect(await focused(page)).toMatch(/^2\b/));
    expect(await outlined.count()).toBe(42);
    await page.keyboard.press('m');
    await page.getByText('34 selected', { exact: true }).waitFor();

    // A protocol, its table and curve.
    await page.keyboard.press('v');
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    const report = page.getByRole('article', { name: /^Retrieval by class/ });
    await report.getByRole('columnheader', { name: 'mAP' }).waitFor();
    await report.getByRole('img', { name: /^Precision against recall/ }).waitFor();
  },
);

it.skipIf(noBrowser)('shows where a ViT looks', { timeout: 400_000 }, async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 8);
  const host = await startHost(join(folder, 'library'), [folder]);
  const dataset = await addImages(host, images);
  const { 'backbone.width': _, ...rest } = tiny(images);
  const run = await create(host, 'vit', {
    ...rest,
    maxSteps: 1,
    backbone: { kind: 'vit', size: 'tiny', patch: 4, depth: 1 },
  });
  await runIn(host, run.id, 'done');
  const id = await embedded(host, { kind: 'run', run: run.id }, dataset);

  const page = await openPage(browser(), host.url, `#/explore?set=${id}&query=row:${id}:2`);
  const query = page.getByRole('complementary', { name: 'The query' });
  await query.getByRole('img', { name: /^Query: / }).waitFor();
  await page.keyboard.press('a');
  await query.getByText(/^Attention of the class token/).waitFor();
  await query.getByLabel('Which map').selectOption({ index: 1 });
  await query.getByLabel('Top mass').fill('0.2');
  await query.getByText('20', { exact: false }).first().waitFor();
  // One cell a patch, the dimmed ones darker than the ones that hold the mass.
  const dimmed = await query.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const alphas = Array.from({ length: data.length / 4 }, (_, cell) => data[cell * 4 + 3]);
    return { cells: alphas.length, dimmed: alphas.filter((alpha) => alpha > 170).length };
  });
  expect(dimmed.cells).toBe(4);
  expect(dimmed.dimmed).toBeGreaterThan(0);
  expect(dimmed.dimmed).toBeLessThan(4);
});

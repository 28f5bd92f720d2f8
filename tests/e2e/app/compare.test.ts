/** Two runs side by side: chosen in the table, what was set differently, and what came of it. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import { create, noBrowser, openPage, runIn, startHost, tiny, until, useBrowser } from './support';

const browser = useBrowser();

it.skipIf(noBrowser)('compares two runs that were chosen in the table', { timeout: 400_000 }, async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const host = await startHost(join(folder, 'library'), [folder]);
  const usual = { ...tiny(images), maxSteps: 6 };
  const slow = await create(host, 'slow', usual);
  const fast = await create(host, 'fast', { ...usual, learningRate: 0.01, seed: 1 });
  await create(host, 'other', usual);
  await runIn(host, slow.id, 'done');
  await runIn(host, fast.id, 'done');

  const page = await openPage(browser(), host.url);
  for (const name of ['slow', 'fast']) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
  await page.getByRole('button', { name: 'Compare 2' }).waitFor();
  await page.keyboard.press('c');

  await page.getByRole('heading', { name: 'Compare' }).waitFor();
  const legend = page.getByRole('list', { name: 'Compared runs' });
  for (const name of ['slow', 'fast']) await legend.getByRole('link', { name, exact: true }).waitFor();
  expect(await legend.getByRole('listitem').count()).toBe(2);
  const chart = page.getByRole('application', { name: /^Loss by / });
  await until(async () =>
    expect(await chart.getAttribute('aria-label')).toMatch(/(slow|fast) is .*; (slow|fast) is /),
  );

  const settings = page.getByRole('region', { name: 'Settings of the compared runs' });
  const paths = () => settings.getByRole('rowheader').allTextContents();
  await until(async () => expect((await paths()).sort()).toEqual(['learningRate', 'seed']));
  const rate = settings.getByRole('row').filter({ hasText: 'learningRate' });
  expect((await rate.getByRole('cell').allTextContents()).sort()).toEqual(['0.002', '0.01']);
  await page.getByRole('switch', { name: 'Show all' }).click();
  await until(async () => expect(await paths()).toContain('batchSize'));
});

/** Somebody's own images, some of them broken: added in the browser, looked at, trained on. */
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import { noBrowser, SLOW, openPage, picturesIn, startHost, until, useBrowser } from './support';

const browser = useBrowser();

it.skipIf(noBrowser)(
  'adds a folder with broken files and trains on the rest',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const images = await writeImages(join(folder, 'my photos'), 16);
    await writeFile(
      join(images, 'red/cut off.jpg'),
      Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
    );
    await writeFile(join(images, 'blue/empty.png'), '');
    await copyFile(join(import.meta.filename), join(images, 'blue/a text.png'));
    const host = await startHost(join(folder, 'library'), [folder]);
    const page = await openPage(browser(), host.url, '#/data');

    await page.getByRole('button', { name: 'Add a folder…' }).click();
    const picker = page.getByRole('dialog', { name: 'Choose a folder of images' });
    await picker.getByRole('option', { name: 'my photos' }).dblclick();
    await picker.getByRole('option', { name: 'red' }).waitFor();
    await picker.getByRole('button', { name: /^Use this folder/ }).click();
    await picker.waitFor({ state: 'hidden' });

    const detail = page.getByRole('article', { name: 'my photos' });
    await detail.getByText('3 files left out').waitFor();
    await detail.getByText('2 classes', { exact: true }).waitFor();
    expect(await detail.locator('dd', { hasText: /^\s*32\b/ }).count()).toBe(1);
    const left = detail.getByRole('region', { name: 'Files left out' });
    for (const [file, reason] of [
      ['red/cut off.jpg', /\w/],
      ['blue/empty.png', /empty/i],
      ['blue/a text.png', /\w/],
    ] as const) {
      const row = left.getByRole('row').filter({ hasText: file });
      expect(await row.getByRole('cell').last().textContent()).toMatch(reason);
    }
    expect(await picturesIn(detail)).toBeGreaterThan(0);
    await detail.getByRole('button', { name: /^red/ }).click();
    const reds = detail.getByRole('region', { name: 'Images of red' });
    expect(await picturesIn(reds)).toBe(16);

    await detail.getByRole('link', { name: 'Train on this' }).click();
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    // A tiny network, one pass: as fast as it gets.
    const set = async (group: string | null, label: string | RegExp, value: string): Promise<void> => {
      if (group) {
        const heading = page.getByRole('button', { name: new RegExp(`^${group}`) });
        if ((await heading.getAttribute('aria-expanded')) === 'false') await heading.click();
      }
      await page.getByLabel(label, { exact: true }).fill(value);
    };
    await set(null, 'Epochs', '2');
    await set(null, 'Batch size', '8');
    await set(null, 'Image size', '8');
    await set('Backbone', 'Width', '0.125');
    await set('Evaluation', 'Neighbours (k)', '3');
    // What is seen is of this folder and these settings.
    expect(await picturesIn(page.getByRole('region', { name: 'What the network sees' }))).toBeGreaterThan(8);
    await page.getByRole('button', { name: 'Train', exact: true }).click();

    await page.getByText('Done', { exact: true }).waitFor({ timeout: SLOW });
    await page.goto(`${new URL(page.url()).origin}/#/data`);
    const entry = page.getByRole('list', { name: 'Data sets' }).getByRole('link', { name: /my photos/ });
    await until(async () => expect(await entry.textContent()).toMatch(/3 unreadable.*1 run/s));
    await entry.click();
    await detail.getByRole('link', { name: '1 run', exact: true }).click();
    await page.getByText('1 of 1', { exact: true }).waitFor();
  },
);

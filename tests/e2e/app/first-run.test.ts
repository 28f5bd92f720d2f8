/** A newcomer: from nothing to a training of the sample images that moves before their eyes. */
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../runner/fixtures';
import {
  lastCharted,
  noBrowser,
  SLOW,
  openPage,
  picturesIn,
  startHost,
  stepShown,
  until,
  useBrowser,
} from './support';

const browser = useBrowser();

it.skipIf(noBrowser)(
  'trains on the sample after at most four clicks, and shows it live',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const host = await startHost(join(folder, 'library'), [folder]);
    const page = await openPage(browser(), host.url);
    let clicks = 0;
    const click = async (what: Locator): Promise<void> => {
      clicks++;
      await what.click();
    };

    await click(page.getByRole('link', { name: 'Train on the sample' }));
    const views = page.getByRole('region', { name: 'What the network sees' });
    expect(await picturesIn(views)).toBe(8 * 3);
    await click(page.getByRole('button', { name: 'Train', exact: true }));

    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    expect(clicks).toBeLessThanOrEqual(4);
    expect(new URL(page.url()).hash).toMatch(/^#\/runs\/./);
    await page.getByText('Running', { exact: true }).waitFor();

    const first = await until(async () => {
      const last = await lastCharted(page, 'Loss');
      expect(last).toBeGreaterThan(0);
      return last;
    });
    await until(async () => expect(await lastCharted(page, 'Loss')).toBeGreaterThan(first));
    await until(async () => expect(await stepShown(page)).toBeGreaterThan(first));
    const progress = page.getByRole('progressbar').first();
    const share = await until(async () => {
      const now = Number(await progress.getAttribute('aria-valuenow'));
      expect(now).toBeGreaterThan(0);
      return now;
    });
    await until(async () =>
      expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(share),
    );
    // The page of the run shows them too.
    expect(await picturesIn(page.getByRole('complementary', { name: 'About the run' }))).toBeGreaterThan(4);

    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('Stopped', { exact: true }).waitFor({ timeout: SLOW });
  },
);

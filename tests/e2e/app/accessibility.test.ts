/** Every page, light and dark, as axe sees it. */
import AxeBuilder from '@axe-core/playwright';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runRowsSchema } from '../../../src/shared/api/run-rows';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import { writeExampleExperiment, writeExampleLibrary } from '../../shell/example-library';
import { addImages, embedded, noBrowser, openPage, startHost, useBrowser } from './support';

const browser = useBrowser();

describe.skipIf(noBrowser).each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('no page has a fault that axe finds', { timeout: 400_000 }, async () => {
    const folder = await temporaryFolder();
    const library = join(folder, 'library');
    writeExampleLibrary(library);
    writeExampleExperiment(library);
    const host = await startHost(library, [folder]);
    const page = await openPage(browser(), host.url, '', { colorScheme });
    const rows = await page.evaluate(async () => (await fetch('/data/runs?metrics=loss')).json() as unknown);
    const ids = runRowsSchema.parse(rows).rows.map(({ id }) => id);

    const faults: Record<string, string[]> = {};
    const look = async (name: string, hash: string, there: string | RegExp): Promise<void> => {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.getByText(there).first().waitFor();
      await page.waitForLoadState('networkidle');
      const axe = new AxeBuilder({ page });
      // Only colours differ between the themes.
      if (colorScheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
      );
      if (found.length > 0) faults[name] = found;
    };
    await look('runs', '#/runs', 'simclr-r18 baseline');
    await look('a run', `#/runs/${ids[0]}`, 'What the network sees');
    for (const [place, id] of ids.entries())
      if (place > 0) await look(`run ${place}`, `#/runs/${id}`, 'Checkpoints');
    await look('new', '#/new?preset=quick', 'The same from a terminal');
    await look('data', '#/data/sample', 'Check again');
    await look('an experiment', '#/experiments/simclr-cifar10', 'Start another');
    await look('a started experiment', '#/experiments/simclr-cifar10?name=simclr-cifar10', 'First epoch');
    await look('settings', '#/settings', 'Library');
    await look('compare', `#/compare?runs=${ids.slice(0, 4).join(',')}`, 'A setting against a metric');
    await look('explore, nothing embedded', '#/explore', 'See what an encoder takes to be alike');
    const dataset = await addImages(host, await writeImages(join(folder, 'images'), 12));
    const set = await embedded(host, { kind: 'pixels', side: 4 }, dataset);
    await look('explore, no query', `#/explore?set=${set}`, 'Or begin with one of these');
    await page.getByRole('button', { name: 'Search with image 1', exact: true }).click();
    await look('neighbours', `#/explore?set=${set}`, /exact over 24/);
    await page.getByRole('tab', { name: 'Copies' }).click();
    await page.getByRole('button', { name: 'Find copies' }).click();
    await look('copies', `#/explore?set=${set}&tab=copies`, 'Called copies from a score of');
    await page.getByRole('tab', { name: 'Map' }).click();
    await look('map', `#/explore?set=${set}&tab=map`, 'Make the map');
    await page.getByRole('tab', { name: 'Evaluate' }).click();
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await look('evaluate', `#/explore?set=${set}&tab=evaluate`, 'Recall, %');
    expect(faults).toEqual({});
  });
});

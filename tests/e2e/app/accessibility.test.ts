/** Every page, light and dark, as axe sees it. */
import AxeBuilder from '@axe-core/playwright';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runRowsSchema } from '../../../src/shared/api/run-rows';
import { temporaryFolder } from '../../runner/fixtures';
import { writeExampleLibrary } from '../../shell/example-library';
import { noBrowser, openPage, startHost, useBrowser } from './support';

const browser = useBrowser();

describe.skipIf(noBrowser).each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('no page has a fault that axe finds', { timeout: 400_000 }, async () => {
    const folder = await temporaryFolder();
    const library = join(folder, 'library');
    writeExampleLibrary(library);
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
    await look('settings', '#/settings', 'Library');
    await look('compare', `#/compare?runs=${ids.slice(0, 4).join(',')}`, 'A setting against a metric');
    expect(faults).toEqual({});
  });
});

/** An experiment from its form to its comparison: every stage trained in turn, its curves over each other. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import { addImages, chart, noBrowser, openPage, SLOW, startHost, until, useBrowser } from './support';

const browser = useBrowser();

/** A stage takes a second or two. */
const TINY = [
  'epochs=1',
  'batchSize=8',
  'backbone.width=0.125',
  'data.imageSize=8',
  'data.heldOut=0.25',
  'knn.k=5',
  'device=cpu',
  'threads=1',
  'pretrain.options.projector.hidden=16',
  'pretrain.options.projector.out=8',
];

it.skipIf(noBrowser)(
  'trains the stages of an experiment in turn and compares them',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const images = await writeImages(join(folder, 'tiny'), 16);
    const host = await startHost(join(folder, 'library'), [folder]);
    await addImages(host, images);
    const page = await openPage(browser(), host.url);
    const hash = () => new URL(page.url()).hash;

    await page.getByRole('link', { name: 'Experiments' }).click();
    await page.getByRole('link', { name: /^SimCLR against supervised on CIFAR-10/ }).click();
    await page.getByRole('heading', { name: 'SimCLR against supervised on CIFAR-10' }).waitFor();
    expect(await page.getByRole('list', { name: 'Stages' }).getByRole('listitem').count()).toBe(3);

    await page.getByRole('button', { name: /^Images:/ }).click();
    await page
      .getByRole('list', { name: 'Images', exact: true })
      .getByRole('button', { name: /^tiny/ })
      .click();
    await page.getByRole('textbox', { name: 'Name' }).fill('mine');
    const settings = page.getByRole('textbox', { name: 'Other settings' });

    // A mistake in the last stage is told before the first one is trained.
    await settings.fill('supervised.batchsiz=8');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/^Stage supervised: .*batchsiz/)
      .waitFor({ timeout: SLOW });
    await settings.fill(TINY.join('\n'));
    await page.getByRole('button', { name: 'Start', exact: true }).click();

    await page.waitForURL(/#\/experiments\/simclr-cifar10\?name=mine$/, { timeout: SLOW });
    const stages = page.getByRole('list', { name: 'Stages' });
    await until(async () =>
      expect(await stages.getByText('Done', { exact: true }).count(), await stages.innerText()).toBe(3),
    );
    const described = chart(page, 'Accuracy on the test images');
    await until(async () =>
      expect(await described.getAttribute('aria-label')).toMatch(/Fine-tuned is .*; From scratch is /),
    );
    const figures = page.getByRole('table', { name: 'Accuracy on the test images, by stage' });
    for (const title of ['Fine-tuned', 'From scratch']) {
      const cells = figures.getByRole('row', { name: new RegExp(`^${title}`) }).getByRole('cell');
      const shown = await cells.allInnerTexts();
      expect(shown.slice(0, 3).every((text) => /^\d+\.\d\s*%$/.test(text))).toBe(true);
      expect(shown[3]).toBe('1');
    }
    await page.getByText(`--data ${images} --set epochs=1`).waitFor();

    await page.getByRole('button', { name: 'Show Accuracy on the test images as a table' }).click();
    await page
      .getByRole('region', { name: 'Accuracy on the test images, as a table' })
      .getByRole('columnheader', { name: 'From scratch' })
      .waitFor();

    await page.getByRole('link', { name: 'Compare runs' }).click();
    await until(() => expect(hash().split(',')).toHaveLength(3));
    const legend = page.getByRole('list', { name: 'Compared runs' });
    for (const stage of ['pretrain', 'finetune', 'supervised'])
      await legend.getByRole('link', { name: `mine ${stage}`, exact: true }).waitFor();
  },
);

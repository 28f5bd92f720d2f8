/**
 * From a file that is dropped on the window to its drawn neighbours, as a person sees it: the built app, a library with
 * a real run and its embeddings of all images in `data`, and the Explore page in Chromium without a GPU.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../tests/shell/browser';
import { selvedge } from '../command-line';
import { startBuiltHost } from '../host/hosts';

export interface DrawnDrops {
  /** Milliseconds of each drop: until 20 neighbours stand there, the pictures in sight of them painted. */
  readonly times: readonly number[];
  /** Of the set that was searched. */
  readonly images: number;
}

const RUN = 'encoder';
/** A ResNet-18 at 32 px: how well it was trained makes no difference to the time. */
const SETTINGS = ['data.subset=256', 'batchSize=64', 'maxSteps=2', 'knn.everyEpochs=0'];
const WARM = 2;

/** @param data a folder or archive with 50,000 images or more; `photographs` are dropped one after the other. */
export async function dropsInPage(
  data: string,
  scratch: string,
  photographs: readonly Uint8Array[],
): Promise<DrawnDrops> {
  const library = join(scratch, 'library');
  const set = SETTINGS.flatMap((setting) => ['--set', setting]);
  await selvedge(library, 'train', 'supervised-cifar10', '--data', data, '--name', RUN, ...set);
  await selvedge(library, 'embed', RUN, '--data', data);
  const [{ count }] = await selvedge(library, 'sets', 'list');
  const host = await startBuiltHost(library);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
    await page.goto(`${host.url}#/explore`);
    await page.getByRole('list', { name: 'Images to begin with' }).getByRole('button').nth(20).waitFor();
    const times: number[] = [];
    for (const [at, bytes] of photographs.entries()) {
      const time = await drop(page, `photograph ${at}.jpg`, bytes);
      if (at >= WARM) times.push(time);
      // Nothing of one drop is left to do in the next.
      await page.waitForTimeout(300);
    }
    return { times, images: Number(count) };
  } finally {
    await browser.close();
    await host.close();
  }
}

function drop(page: Page, name: string, bytes: Uint8Array): Promise<number> {
  return page.evaluate(
    async ({ name: file, base64 }) => {
      const LIMIT = 30_000;
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], file));
      const fire = (type: string) =>
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }),
        );
      const list = () => document.querySelector('ol[aria-label^="Neighbours by"]');
      const before = list()?.textContent;
      const inSight = (image: Element) => image.getBoundingClientRect().top < innerHeight;
      const drawn = () => {
        const query = document.querySelector('[aria-label="The query"]');
        const now = list();
        if (!query?.textContent.includes(file) || !now || now.textContent === before) return false;
        const pictures = [...now.querySelectorAll('img')].filter(inSight);
        return (
          now.querySelectorAll('[data-place]').length >= 20 &&
          pictures.every(({ complete, naturalWidth }) => complete && naturalWidth > 0)
        );
      };
      const frame = () => new Promise((go) => requestAnimationFrame(go));
      fire('dragenter');
      await frame();
      const begun = performance.now();
      fire('drop');
      do {
        await frame();
        if (performance.now() - begun > LIMIT) throw new Error(`${file} had no neighbours in ${LIMIT} ms`);
      } while (!drawn());
      // What was there when the frame began is painted by the next one.
      await frame();
      return performance.now() - begun;
    },
    { name, base64: Buffer.from(bytes).toString('base64') },
  );
}

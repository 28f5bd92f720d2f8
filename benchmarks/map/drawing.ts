/** How long the Map tab takes to its first picture, and how smoothly it pans: in Chromium, in software rendering. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { build } from 'vite';
import { encodePoints } from '../../src/shared/explorer/map';
import { random } from '../../src/shared/random';
import { launchBrowser } from '../../tests/shell/browser';

const ROOT = 'http://127.0.0.1:1';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export interface Drawing {
  readonly points: number;
  /** From the data's arrival to the frame that shows it, ms. */
  readonly first: number;
  /** Frames a second while panning by keys, the whole map in view and zoomed in. */
  readonly panWhole: number;
  readonly panNear: number;
}

/** @param shots a folder for screenshots; none are taken without it. */
export async function measureDrawing(counts: readonly number[], shots?: string): Promise<Drawing[]> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-bench-map-'));
  try {
    await buildPage(folder);
    const browser = await launchBrowser();
    try {
      const found: Drawing[] = [];
      for (const points of counts) {
        const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
        const page = await context.newPage();
        page.on('pageerror', (error) => console.error(error));
        page.on('console', (message) => {
          if (message.type() === 'error') console.error(message.text());
        });
        await servePage(page, folder, points);
        found.push(await measurePage(page, points, shots));
        await context.close();
      }
      return found;
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildPage(folder: string): Promise<void> {
  const client = resolve('benchmarks/map/page/client.ts');
  await build({
    root: resolve('benchmarks/map/page'),
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0 },
    plugins: [
      svelte({ configFile: false }),
      {
        name: 'client-of-this-page',
        enforce: 'pre',
        resolveId: (id) => (id.endsWith('/host/client') ? client : undefined),
      },
    ],
  });
}

/** With the Content-Security-Policy of the app, as far as it can matter here: nothing may be compiled from text. */
async function servePage(page: Page, folder: string, points: number): Promise<void> {
  const map = Buffer.from(heaps(points));
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#7a8fb8' } })
    .jpeg()
    .toBuffer();
  await page.route(`${ROOT}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/data/')) return route.fulfill({ body: map });
    if (pathname.startsWith('/pictures/')) return route.fulfill({ body: picture, contentType: 'image/jpeg' });
    if (!existsSync(join(folder, pathname))) return route.fulfill({ status: 404 });
    return route.fulfill({
      body: readFileSync(join(folder, pathname)),
      contentType: TYPES[extname(pathname)] ?? 'application/octet-stream',
      headers: {
        'Content-Security-Policy':
          "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'",
      },
    });
  });
}

/** Twelve heaps of points. */
function heaps(count: number): Uint8Array {
  const source = random(0, 'method', 3);
  const cluster = Uint32Array.from({ length: count }, (_, row) => row % 12);
  const place = (turn: (angle: number) => number) =>
    Float32Array.from(cluster, (heap) =>
      Math.max(-1, Math.min(1, 0.7 * turn((heap / 12) * 2 * Math.PI) + 0.07 * source.normal())),
    );
  return encodePoints({ x: place(Math.cos), y: place(Math.sin), cluster });
}

async function measurePage(page: Page, points: number, shots?: string): Promise<Drawing> {
  await page.addInitScript(watchFirst);
  await page.goto(`${ROOT}/index.html?points=${points}`);
  const map = page.getByRole('application');
  await map.waitFor();
  await page.waitForFunction(() => window.firstDrawn !== undefined);
  const first = await page.evaluate(() => window.firstDrawn!);
  if (shots) await page.screenshot({ path: join(shots, `map-${points}.png`) });
  const panWhole = await page.evaluate(pan, 3000);
  // Into a heap, until single images are shown.
  const box = (await map.boundingBox())!;
  const scale = (Math.min(box.width, box.height) - 48) / 2;
  await page.mouse.move(box.x + box.width / 2 + 0.7 * scale, box.y + box.height / 2);
  for (let i = 0; i < 7; i++) await page.mouse.wheel(0, -240);
  await map.locator('img').first().waitFor();
  await page.waitForTimeout(500);
  if (shots) await page.screenshot({ path: join(shots, `map-${points}-near.png`) });
  const panNear = await page.evaluate(pan, 3000);
  return { points, first, panWhole, panNear };
}

declare global {
  interface Window {
    /** ms from the points' arrival to the frame after they were drawn. */
    firstDrawn?: number;
  }
}

/** Runs in the page, before its own code. */
function watchFirst(): void {
  let arrived: number | undefined;
  const responses = Response.prototype as { arrayBuffer: (this: Response) => Promise<ArrayBuffer> };
  const { arrayBuffer } = responses;
  responses.arrayBuffer = async function () {
    const bytes = await arrayBuffer.call(this);
    arrived = performance.now();
    return bytes;
  };
  const contexts = WebGL2RenderingContext.prototype as {
    drawArrays: (this: WebGL2RenderingContext, mode: number, first: number, count: number) => void;
  };
  const { drawArrays } = contexts;
  contexts.drawArrays = function (mode, first, count) {
    drawArrays.call(this, mode, first, count);
    if (arrived === undefined || window.firstDrawn !== undefined) return;
    const since = arrived;
    requestAnimationFrame(() => (window.firstDrawn ??= performance.now() - since));
  };
}

/** Runs in the page: moves the map each frame. @returns frames a second. */
async function pan(milliseconds: number): Promise<number> {
  const map = document.querySelector('[role=application]')!;
  const nextFrame = () => new Promise<number>((go) => requestAnimationFrame(go));
  const begun = await nextFrame();
  let [frames, now] = [0, begun];
  while (now - begun < milliseconds) {
    const key = Math.floor(frames / 10) % 2 === 0 ? 'ArrowLeft' : 'ArrowRight';
    map.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    now = await nextFrame();
    frames++;
  }
  return frames / ((now - begun) / 1000);
}

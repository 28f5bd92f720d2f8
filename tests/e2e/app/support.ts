/** The built host in a process of its own, and pages of a real browser on it. Build first: npm run build. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openLibrary, type Library } from '../../../src/main/library';
import type { Contract } from '../../../src/shared/api/contract';
import type { SetRecipeInput } from '../../../src/shared/explorer/sets';
import type { RunRow } from '../../../src/shared/api/run-rows';
import { launchBrowser, noBrowser } from '../../shell/browser';

const out = join(import.meta.dirname, '../../../out');
for (const part of ['main/headless.js', 'runner/index.js', 'renderer/index.html'])
  if (!existsSync(join(out, part)))
    throw new Error(`${join(out, part)} is missing: run npm run build before these tests`);

/** Trainings share the machine with the browser and with whatever else runs on it. */
export const SLOW = 120_000;

export const until = <T>(check: () => T | Promise<T>, timeout = SLOW): Promise<T> =>
  vi.waitFor(check, { timeout, interval: 50 });

export type Client = ContractRouterClient<Contract>;

export interface Host {
  readonly library: string;
  /** With the token; opens the page of the runs. */
  readonly url: string;
  readonly process: ChildProcess;
  /** The same calls as the pages make. */
  readonly client: Client;
}

/** Serves the library until the test ends. @param roots what the folder picker may show. */
export async function startHost(library: string, roots: readonly string[] = [], port = 0): Promise<Host> {
  const allowed = roots.flatMap((root) => ['--root', root]);
  const child = spawn(
    process.execPath,
    [join(out, 'main/headless.js'), '--no-open', '--library', library, '--port', String(port), ...allowed],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  onTestFinished(() => killAll(child));
  let said = '';
  const hear = (chunk: string) => (said += chunk);
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`The host ended at once: ${said}`);
    const address = /Selvedge is at (\S+)/.exec(said)?.[1];
    expect(address, `no address in: ${said}`).toBeDefined();
    return address!;
  });
  const socket = new WebSocket(url.replace('http', 'ws').replace('/?', '/rpc?'));
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
  onTestFinished(() => socket.terminate());
  return { library, url, process: child, client: createORPCClient(new RPCLink({ websocket: socket })) };
}

/** The host and all that it started. */
async function killAll(child: ChildProcess): Promise<void> {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
  await ended(child);
}

export const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((end) => child.once('exit', end));

/** A browser for the file's tests. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (noBrowser === undefined) browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  return () => browser!;
}

export { noBrowser };

export interface PageOptions extends BrowserContextOptions {
  /** What the console may say because the test provokes it, e.g. that a connection was refused. */
  provoked?: RegExp;
}

/**
 * Opens the app, the pointer and keys of a person at hand. An error of the page, or one on its console, fails the
 * test; a failing test leaves a picture and says where.
 */
export async function openPage(
  browser: Browser,
  url: string,
  hash = '',
  { provoked, ...options }: PageOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' || provoked?.test(message.text())) return;
    errors.push(`${message.text()} (${message.location().url})`);
  });
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail' || errors.length > 0) await keepPicture(page, errors);
    await context.close();
    expect(errors, 'errors of the page').toEqual([]);
  });
  await page.goto(url + hash);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

async function keepPicture(page: Page, errors: readonly string[]): Promise<void> {
  const path = join(await mkdtemp(join(tmpdir(), 'selvedge-failed-')), 'page.png');
  await page.screenshot({ path }).catch(() => undefined);
  console.error(`The page ${page.url()} as it was: ${path}`, ...errors);
}

/** The settings of a run that takes a second or two. */
export const tiny = (images: string): Record<string, unknown> => ({
  'data.path': images,
  'data.imageSize': 8,
  'options.projector.hidden': 16,
  'options.projector.out': 8,
  'backbone.width': 0.125,
  'knn.everyEpochs': 0,
  'knn.k': 5,
  batchSize: 8,
  epochs: 2,
  device: 'cpu',
  threads: 1,
});

export const create = (
  host: Host,
  name: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<RunRow> =>
  host.client.runs.create({ base: { kind: 'preset', preset: 'quick' }, changes, from: null, name });

/** The row once it is in one of these states. */
export const runIn = (host: Host, id: string, ...states: RunRow['state'][]): Promise<RunRow> =>
  until(async () => {
    const { row } = await host.client.runs.get({ run: id });
    expect(states, `${row.name} failed: ${row.failure}`).toContain(row.state);
    return row;
  });

/** The row once it has trained so many steps. */
export const runAt = (host: Host, id: string, step: number): Promise<RunRow> =>
  until(async () => {
    const { row } = await host.client.runs.get({ run: id });
    expect(row.step, `${row.state} ${row.failure}`).toBeGreaterThanOrEqual(step);
    return row;
  });

/** Makes a folder of images known to the library. @returns the id of the data set, once it is checked. */
export async function addImages({ client }: Host, folder: string): Promise<string> {
  const place = await client.folders.find({ path: folder });
  const { id } = await client.datasets.add({ place: place.id });
  await until(async () => {
    const found = (await client.datasets.list()).find((dataset) => dataset.id === id);
    expect(found?.state, found?.failure ?? '').toBe('ready');
  });
  return id;
}

/** Embeds a data set. @returns the id of the set, once it is there. */
export async function embedded(
  { client }: Host,
  encoder: SetRecipeInput['encoder'],
  dataset: string,
): Promise<string> {
  const { id } = await client.explorer.sets.embed({ encoder, dataset });
  await until(async () => {
    const set = (await client.explorer.sets.list()).find((other) => other.id === id);
    expect(set?.state, set?.failure ?? '').toBe('ready');
  });
  return id;
}

/** What stands in the library, beside the host that owns it. */
export function readLibrary(folder: string): Library {
  const library = openLibrary(folder, 'read');
  onTestFinished(() => library.close());
  return library;
}

/** The steps that a metric was recorded at. */
export const recordedSteps = (library: Library, run: string, metric: string): number[] =>
  library.store.metrics.points(run, metric, -1, 1_000_000).map(({ step }) => step);

export const oneTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Of the run that the page shows. */
export const stepShown = async (page: Page): Promise<number> => {
  const parts = await page.locator('header .progress > span').allTextContents();
  const [step] = parts.flatMap((text) => /^\s*step\s*([\d,]+)\s*$/.exec(text)?.[1] ?? []);
  return step === undefined ? 0 : Number(step.replaceAll(',', ''));
};

export const chart = (page: Page, title: string): Locator =>
  page.getByRole('application', { name: new RegExp(`^${title} by `) });

/** The step of the last point that a chart has. */
export const lastCharted = async (page: Page, title: string): Promise<number> => {
  const described = chart(page, title);
  if ((await described.count()) === 0) return 0;
  const label = (await described.getAttribute('aria-label')) ?? '';
  const [, step] = /at step ([\d,]+)/.exec(label) ?? [];
  return step === undefined ? 0 : Number(step.replaceAll(',', ''));
};

/** Every picture in it has come. */
export const picturesIn = (place: Locator): Promise<number> =>
  until(async () => {
    // Not by role: drawings of other kinds have it too.
    const widths = await place
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(widths.length).toBeGreaterThan(0);
    expect(widths.every((width) => width > 0)).toBe(true);
    return widths.length;
  });

/** A run that is stopped, or whose runner or host is killed, goes on where it was, and nothing of it is lost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import {
  create,
  ended,
  noBrowser,
  SLOW,
  oneTo,
  openPage,
  readLibrary,
  recordedSteps,
  runAt,
  runIn,
  startHost,
  stepShown,
  tiny,
  until,
  useBrowser,
  type Host,
} from './support';

const browser = useBrowser();
/** Of the run that goes on to its end. */
const LAST = 160;

/** A host on a new library, and images to train on. */
async function prepare(): Promise<{ host: Host; images: string }> {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  return { host: await startHost(join(folder, 'library'), [folder]), images };
}

/** Long enough to be caught in the middle: the end is set by `maxSteps`. */
const long = (images: string, maxSteps: number) => ({
  ...tiny(images),
  epochs: 100_000,
  maxSteps,
  'checkpoint.everySteps': 5,
});

const resumeOffered = (page: Page) => page.getByRole('button', { name: /^Resume from step \d+$/ }).first();

it.skipIf(noBrowser)('stops with a checkpoint and goes on to the end', { timeout: 400_000 }, async () => {
  const { host, images } = await prepare();
  const page = await openPage(browser(), host.url);
  const { id } = await create(host, 'stop me', long(images, LAST));
  await page.getByRole('link', { name: 'stop me' }).click();
  await runAt(host, id, 5);
  // Held, so that it does not reach its end while the browser, on a busy machine, gets to the button.
  await host.client.runs.pause({ run: id });
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Stopped', { exact: true }).waitFor({ timeout: SLOW });
  const { step: stoppedAt } = await runIn(host, id, 'stopped');
  expect(stoppedAt).toBeLessThan(LAST);
  await until(async () => expect(await stepShown(page)).toBe(stoppedAt));

  const library = readLibrary(host.library);
  expect(recordedSteps(library, id, 'loss')).toEqual(oneTo(stoppedAt));

  await page.getByRole('button', { name: `Resume from step ${stoppedAt}` }).click();
  let last = stoppedAt;
  await until(async () => {
    const now = await stepShown(page);
    expect(now, 'the step went back').toBeGreaterThanOrEqual(last);
    last = now;
    expect(now).toBe(LAST);
  });
  await page.getByText('Done', { exact: true }).waitFor();
  expect(recordedSteps(library, id, 'loss')).toEqual(oneTo(LAST));
  expect(library.store.checkpoints.list(id).map(({ step }) => step)).toContain(LAST);
});

it.skipIf(noBrowser)(
  'says why when the training process is killed, and resumes it',
  { timeout: 400_000 },
  async () => {
    const { host, images } = await prepare();
    const { id } = await create(host, 'kill me', long(images, 1_000_000));
    const page = await openPage(browser(), host.url, `#/runs/${id}`);
    await runAt(host, id, 8);
    const library = readLibrary(host.library);
    process.kill(library.store.runs.get(id).childPid!, 'SIGKILL');

    await page.getByText('Failed', { exact: true }).waitFor();
    await page
      .getByText(/SIGKILL/)
      .first()
      .waitFor();
    const { step: killedAt, failure } = await runIn(host, id, 'failed');
    expect(failure).toMatch(/SIGKILL/);
    await resumeOffered(page).click();
    await page.getByText('Running', { exact: true }).waitFor();
    await runAt(host, id, killedAt + 3);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const { step } = await runIn(host, id, 'stopped');
    expect(recordedSteps(library, id, 'loss')).toEqual(oneTo(step));
  },
);

it.skipIf(noBrowser)(
  'marks a run as interrupted after its host was killed, and resumes it',
  { timeout: 400_000 },
  async () => {
    const { host, images } = await prepare();
    const { id } = await create(host, 'orphan', long(images, 1_000_000));
    await runAt(host, id, 8);
    const { childPid } = readLibrary(host.library).store.runs.get(id);
    host.process.kill('SIGKILL');
    await ended(host.process);
    await until(() => expect(isAlive(childPid!), 'the training process outlives its host').toBe(false));

    const next = await startHost(host.library);
    const page = await openPage(browser(), next.url);
    const row = page.getByRole('row').filter({ hasText: 'orphan' });
    await row.getByText('Interrupted', { exact: true }).waitFor();
    const { step: killedAt } = await runIn(next, id, 'interrupted');
    await row.getByRole('link', { name: 'orphan' }).click();
    const library = readLibrary(host.library);
    const known = recordedSteps(library, id, 'loss').at(-1)!;
    const from = Number(/step (\d+)/.exec((await resumeOffered(page).textContent()) ?? '')?.[1]);
    await resumeOffered(page).click();
    await page.getByText('Running', { exact: true }).waitFor();
    await runAt(next, id, Math.max(killedAt, from) + 3);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const { step } = await runIn(next, id, 'stopped');
    // The child wrote a checkpoint after its host had gone: of the steps up to it nobody was told.
    const untold = (it: number): boolean => it > known && it <= from;
    expect(recordedSteps(library, id, 'loss')).toEqual(oneTo(step).filter((it) => !untold(it)));
  },
);

/** Not one that has ended and waits to be collected. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

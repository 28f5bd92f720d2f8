/** A window that loses its host and finds it again has missed nothing; two windows see the same. */
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder, writeImages } from '../../runner/fixtures';
import {
  create,
  ended,
  lastCharted,
  noBrowser,
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
} from './support';

const browser = useBrowser();
/** What Chromium writes on the console for each attempt that finds nobody, or is refused. */
const CUT = /WebSocket connection to|Failed to load resource: (net::ERR_|.* 401)/;

/** A way to the host that can be cut. The host answers to its own address only: what is asked here names that one. */
async function wireTo(port: number): Promise<{ port: number; cut(): void; mend(): void }> {
  const sockets = new Set<Socket>();
  let whole = true;
  let here = 0;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (chunk) =>
      far.write(chunk.toString('latin1').replaceAll(`127.0.0.1:${here}`, `127.0.0.1:${port}`), 'latin1'),
    );
    far.pipe(near);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The wire has no port.');
  here = address.port;
  return { port: here, cut, mend: () => void (whole = true) };
}

it.skipIf(noBrowser)('loses no metric while the connection is cut', { timeout: 400_000 }, async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const host = await startHost(join(folder, 'library'), [folder]);
  const { id } = await create(host, 'long', { ...tiny(images), epochs: 100_000, maxSteps: 1_000_000 });
  await runAt(host, id, 5);
  const url = new URL(host.url);
  const wire = await wireTo(Number(url.port));
  url.port = String(wire.port);
  const page = await openPage(browser(), url.href, `#/runs/${id}`, { provoked: CUT });
  const other = await openPage(browser(), host.url);
  await until(async () => expect(await lastCharted(page, 'Loss')).toBeGreaterThan(5));

  wire.cut();
  const strip = page.getByRole('status').filter({ hasText: 'Not connected since' });
  await strip.waitFor();
  const shown = await lastCharted(page, 'Loss');
  const { step } = await runAt(host, id, shown + 12);
  expect(await lastCharted(page, 'Loss'), 'it is still connected').toBe(shown);

  wire.mend();
  await strip.waitFor({ state: 'hidden' });
  await until(async () => expect(await lastCharted(page, 'Loss')).toBeGreaterThanOrEqual(step));

  // The other window knows of all that happens here.
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const last = await runIn(host, id, 'stopped');
  await page.getByText('Stopped', { exact: true }).waitFor();
  const row = other.getByRole('row').filter({ hasText: 'long' });
  await row.getByText('Stopped', { exact: true }).waitFor();
  await row.getByRole('link', { name: 'long' }).click();
  for (const window of [page, other])
    await until(async () => {
      expect(await stepShown(window)).toBe(last.step);
      expect(await lastCharted(window, 'Loss')).toBe(last.step);
    });

  // No step is missing in the numbers that the page has, nor in the library.
  const steps = recordedSteps(readLibrary(host.library), id, 'loss');
  expect(steps).toEqual(oneTo(last.step));
  await page.keyboard.press('t');
  const table = page.getByRole('region', { name: 'Loss, as a table' });
  const cells = (await table.getByRole('rowheader').allTextContents()).map((text) =>
    Number(text.replaceAll(',', '')),
  );
  expect(cells.at(0) === 1 || cells.at(-1) === 1, String(cells)).toBe(true);
  expect(Math.max(...cells)).toBe(last.step);
  const rest = cells.filter((cell) => cell > shown && cell <= step);
  expect(rest.length, 'what came while it was cut is not there').toBeGreaterThan(0);
});

it.skipIf(noBrowser)(
  'says so when its host was started anew, and goes on once it is let in',
  { timeout: 400_000 },
  async () => {
    const folder = await temporaryFolder();
    const library = join(folder, 'library');
    const host = await startHost(library);
    const page = await openPage(browser(), host.url, '', { provoked: CUT });
    await page.getByRole('link', { name: 'Train on the sample' }).waitFor();
    host.process.kill('SIGKILL');
    await ended(host.process);
    await page.getByText('Not connected since').waitFor();

    const next = await startHost(library, [], Number(new URL(host.url).port));
    await page.getByText('Selvedge was started anew').waitFor();
    // Another tab of the same browser is let in by the new address: then this one is, too.
    const tab = await page.context().newPage();
    await tab.goto(next.url);
    await tab.getByRole('link', { name: 'Train on the sample' }).waitFor();
    await page.getByText('Selvedge was started anew').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('article', { name: 'Sample' }).waitFor();
  },
);

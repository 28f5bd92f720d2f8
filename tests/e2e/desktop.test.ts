/** A real run under the desktop shell: the built programs, with a stand-in only where Electron itself would be. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Contract } from '../../src/shared/api/contract';
import { temporaryFolder, writeImages } from '../runner/fixtures';
import { createStandIn } from '../shell/electron/stand-in';
import { loadShell } from '../shell/electron/stand-in/load-shell';

const until = <T>(check: () => T) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

it('trains on through closed and crashed windows, and stops with a checkpoint when asked to', async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const library = join(folder, 'library');
  const electron = createStandIn(folder);
  const unload = await loadShell(electron, ['--library', library]);
  onTestFinished(unload);
  const { state } = electron;
  const page = async () => {
    await until(() => expect(state.windows[0]?.webContents.page).toBeDefined());
    return state.windows[0].webContents.page!;
  };
  const connect = async () =>
    createORPCClient<ContractRouterClient<Contract>>(new RPCLink({ port: await (await page()).connect() }));

  let host = await connect();
  const draft = (name: string, maxSteps: number) => ({
    base: { kind: 'preset' as const, preset: 'quick' },
    changes: {
      'data.path': images,
      'data.imageSize': 8,
      batchSize: 8,
      maxSteps,
      epochs: 100_000,
      device: 'cpu',
      threads: 1,
      'backbone.width': 0.125,
      'knn.everyEpochs': 0,
    },
    from: null,
    name,
  });
  const short = await host.runs.create(draft('short', 5));
  const long = await host.runs.create(draft('long', 1_000_000));
  expect(short.state === 'running' || short.state === 'queued').toBe(true);

  // The first ends while nobody looks.
  state.windows[0].blur();
  await until(() => expect(state.notifications.map(({ title }) => title)).toEqual(['short is done']));
  await until(() => expect(state.windows[0].progress?.[1]).toBe('normal'));
  expect(state.wakeLocks.size).toBe(1);

  // A page that dies takes nothing along.
  const reached = (await host.runs.get({ run: long.id })).metrics['loss'].lastStep;
  state.windows[0].webContents.crash('crashed');
  host = await connect();
  await vi.waitFor(
    async () =>
      expect((await host.runs.get({ run: long.id })).metrics['loss'].lastStep).toBeGreaterThan(reached),
    { timeout: 60_000, interval: 200 },
  );

  // Kept in the background: no window, a tray, a run that goes on.
  state.answers = [0];
  state.windows[0].close();
  await until(() => expect(state.windows).toHaveLength(0));
  expect(state.ended).toBeUndefined();
  expect(state.trays).toHaveLength(1);

  // The next start brings the window back.
  electron.app.emit('second-instance', {}, [], '/', { library });
  host = await connect();
  expect((await host.runs.get({ run: long.id })).row.state).toBe('running');
  await until(() => expect(state.windows[0].progress?.[1]).toBe('normal'));
  expect(state.trays[0].isDestroyed()).toBe(true);

  state.answers = [1];
  electron.app.quit();
  await until(() => expect(state.ended).toBe(0));
  expect(state.dialogs.map(({ message }) => message)).toEqual([
    'long is still training.',
    'long is still training.',
  ]);
  expect(state.wakeLocks.size).toBe(0);

  // What stands in the library afterwards: every step, and a checkpoint at the last.
  const { openLibrary } = await import('../../src/main/library');
  const after = openLibrary(library, 'read');
  onTestFinished(() => after.close());
  const run = after.store.runs.get(long.id);
  expect(run.status).toBe('stopped');
  expect(after.store.checkpoints.list(long.id).map(({ step }) => step)).toContain(run.step);
});

/** What the desktop shows of the runs: notifications, progress on the icon, a machine that stays awake. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HostEvent } from '../../../src/shared/api/events';
import type { Progress } from '../../../src/shared/api/runs';
import { settingsSchema } from '../../../src/shared/api/host';
import type { RunRow } from '../../../src/shared/api/run-rows';
import { row } from './rows';
import { createStandIn, type StandIn } from './stand-in';

let folder: string;
let electron: StandIn;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-desktop-'));
  electron = createStandIn(folder);
  vi.resetModules();
  vi.doMock('electron', () => electron.module);
});
afterEach(() => {
  vi.doUnmock('electron');
  rmSync(folder, { recursive: true, force: true });
});

const settings = settingsSchema.parse({});
const changed = (changes: Partial<RunRow>): HostEvent => ({ type: 'run', row: row(changes) });
const training = (done: number, total: number, phase: Progress['phase'] = 'training'): HostEvent => ({
  type: 'progress',
  run: 'simclr-1',
  progress: { phase, done, total, rate: null, secondsLeft: null, epoch: null, epochs: null },
});

async function open(rows: RunRow[] = []) {
  const { Desktop } = await import('../../../src/main/shell/electron/desktop');
  const { MainWindow } = await import('../../../src/main/shell/electron/main-window');
  const { BrowserWindow } = electron.module;
  const window = new MainWindow(
    () => new BrowserWindow({ webPreferences: { preload: '/nothing' } }) as never,
  );
  window.show();
  const desktop = new Desktop(window, settings, rows);
  const shown = () => electron.state.windows[0].progress;
  return { desktop, window, shown };
}
const notes = () => electron.state.notifications.map(({ title, body }) => ({ title, body }));

describe('a notification', () => {
  test.each([
    [
      'done',
      { state: 'done', epoch: 10, step: 4200 },
      'simclr-1 is done',
      'Trained for 10 epochs, 4,200 steps.',
    ],
    ['done early', { state: 'done', epoch: 0.2, step: 1 }, 'simclr-1 is done', 'Trained for 1 step.'],
    [
      'failed',
      { state: 'failed', failure: 'The disk is full.', hint: 'Make room, then resume.' },
      'simclr-1 failed',
      'The disk is full. Make room, then resume.',
    ],
    ['interrupted', { state: 'interrupted' }, 'simclr-1 was interrupted', 'Its log says why.'],
  ] as const)('tells of a run that is %s', async (_name, changes, title, body) => {
    const { desktop } = await open();
    desktop.take(changed({ state: 'running' }));
    desktop.take(changed(changes));
    desktop.take(changed(changes));
    expect(notes()).toEqual([{ title, body }]);
  });

  test('tells of a collapse, once', async () => {
    const { desktop } = await open([row({})]);
    desktop.take(changed({ collapsed: true }));
    desktop.take(changed({ collapsed: true, step: 2 }));
    expect(notes()).toMatchObject([{ title: 'simclr-1 has collapsed' }]);
  });

  test('tells of a run that failed before it lived', async () => {
    const { desktop } = await open();
    desktop.take(changed({ state: 'queued' }));
    desktop.take(changed({ state: 'failed', failure: 'No images.' }));
    expect(notes()).toHaveLength(1);
  });

  test.each([
    ['the user stopped it', (take: (event: HostEvent) => void) => take(changed({ state: 'stopped' }))],
    [
      'the user does not want any',
      (take: (event: HostEvent) => void) => {
        take({ type: 'settings', settings: { ...settings, notifications: false } });
        take(changed({ state: 'done' }));
      },
    ],
    [
      'the user looks at the window',
      (take: (event: HostEvent) => void) => {
        electron.state.windows[0].focus();
        take(changed({ state: 'done' }));
      },
    ],
    [
      'it ended long ago and is only renamed',
      (take: (event: HostEvent) => void) => take(changed({ id: 'old', state: 'failed', name: 'new name' })),
    ],
  ])('is not shown where %s', async (_why, happen) => {
    const { desktop, window } = await open([row({})]);
    electron.state.windows[0].blur();
    happen((event) => desktop.take(event));
    expect(notes()).toEqual([]);
    expect(window.current).toBeDefined();
  });

  test('opens its run, and is counted until the window is looked at', async () => {
    const { desktop } = await open([row({ id: 'a b' })]);
    const sent = vi.spyOn(electron.state.windows[0].webContents, 'send');
    desktop.take(changed({ id: 'a b', state: 'done' }));
    expect(electron.state.badge).toBe(1);
    electron.state.notifications[0].emit('click');
    expect(sent).toHaveBeenCalledWith('selvedge:go', '/runs/a%20b');
    desktop.seen();
    expect(electron.state.badge).toBe(0);
  });
});

describe('the icon', () => {
  test('shows how far the live run is, and nothing after its end', async () => {
    const { desktop, shown } = await open();
    expect(shown()).toEqual([-1, undefined]);
    desktop.take(changed({ state: 'running' }));
    expect(shown()).toEqual([2, 'indeterminate']);
    desktop.take(training(3, 10, 'decoding'));
    expect(shown()).toEqual([2, 'indeterminate']);
    desktop.take(training(30, 100));
    expect(shown()).toEqual([0.3, 'normal']);
    desktop.take(training(5, 50, 'evaluating'));
    expect(shown()).toEqual([0.3, 'normal']);
    desktop.take(changed({ state: 'paused' }));
    expect(shown()).toEqual([0.3, 'paused']);
    desktop.take(changed({ state: 'done' }));
    expect(shown()).toEqual([-1, undefined]);
  });

  test('shows nothing of a run that is deleted, or only waits', async () => {
    const { desktop, shown } = await open();
    desktop.take(changed({ state: 'queued' }));
    expect(shown()).toEqual([-1, undefined]);
    expect(desktop.isBusy).toBe(true);
    desktop.take({ type: 'run-deleted', run: 'simclr-1' });
    expect(desktop.isBusy).toBe(false);
  });

  test('is left alone where there is no window', async () => {
    const { desktop } = await open([row({})]);
    electron.state.windows[0].close();
    desktop.take(training(30, 100));
    expect(desktop.isBusy).toBe(true);
  });
});

test('the machine stays awake while a run trains, and only then', async () => {
  const { desktop } = await open();
  expect(electron.state.wakeLocks.size).toBe(0);
  desktop.take(changed({ state: 'running' }));
  desktop.take(changed({ state: 'running', step: 2 }));
  expect(electron.state.wakeLocks.size).toBe(1);
  desktop.take(changed({ state: 'paused' }));
  expect(electron.state.wakeLocks.size).toBe(0);
  desktop.take(changed({ state: 'running' }));
  desktop.end();
  expect(electron.state.wakeLocks.size).toBe(0);
});

/** Nobody loses a run by closing a window: src/main/shell/electron/quit.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunRow } from '../../../src/shared/api/run-rows';
import { row } from './rows';
import { createStandIn, type StandIn } from './stand-in';

const KEEP = 0;
const STOP = 1;
const CANCEL = 2;

let folder: string;
let electron: StandIn;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-quit-'));
  electron = createStandIn(folder);
  vi.resetModules();
  vi.doMock('electron', () => electron.module);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.doUnmock('electron');
  rmSync(folder, { recursive: true, force: true });
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function open(live: RunRow[]) {
  const { QuitGuard } = await import('../../../src/main/shell/electron/quit');
  const { MainWindow } = await import('../../../src/main/shell/electron/main-window');
  const { BrowserWindow } = electron.module;
  const host = {
    liveRuns: () => live,
    stopAll: vi.fn(async (): Promise<void> => void live.splice(0)),
    killAll: vi.fn(),
    close: vi.fn(async (): Promise<void> => undefined),
  };
  const background: boolean[] = [];
  const window = new MainWindow(() => {
    const opened = new BrowserWindow({ webPreferences: { preload: '/nothing' } });
    guard.follow(opened as never);
    return opened as never;
  });
  const guard = new QuitGuard({
    host,
    window,
    onBackground: (isBackground) => background.push(isBackground),
    log: () => undefined,
  });
  window.show();
  return { host, window, guard, background, live };
}

/** What was asked, and how many windows are open. */
const questions = () => electron.state.dialogs.map(({ message }) => message);
const windows = () => electron.state.windows.length;

describe('without a live run', () => {
  test('closing the window gives the library back and ends', async () => {
    const { host } = await open([]);
    electron.state.windows[0].close();
    await settle();
    expect(questions()).toEqual([]);
    expect(host.close).toHaveBeenCalledOnce();
    expect(electron.state.ended).toBe(0);
  });

  test('ends although the library cannot be closed', async () => {
    const { host } = await open([]);
    host.close.mockRejectedValue(new Error('disk gone'));
    electron.app.quit();
    await settle();
    expect(electron.state.ended).toBe(0);
  });

  test('a Mac keeps the program when its window is closed', async () => {
    vi.stubGlobal('process', { ...process, platform: 'darwin' });
    const { window } = await open([row({ state: 'running' })]);
    electron.state.windows[0].close();
    await settle();
    expect(questions()).toEqual([]);
    expect(window.current).toBeUndefined();
    expect(electron.state.ended).toBeUndefined();
  });
});

describe.each([
  ['the window is closed', () => electron.state.windows[0].close()],
  ['the program is quit', () => electron.app.quit()],
])('with a live run, when %s', (_how, leave) => {
  test('it asks, and Cancel changes nothing', async () => {
    const { host } = await open([row({ name: 'simclr-r18', state: 'running' })]);
    electron.state.answers = [CANCEL];
    leave();
    await settle();
    expect(electron.state.dialogs).toMatchObject([
      {
        message: 'simclr-r18 is still training.',
        buttons: ['Keep Training in the Background', 'Stop with a Checkpoint and Quit', 'Cancel'],
        cancelId: CANCEL,
      },
    ]);
    expect(windows()).toBe(1);
    expect(host.stopAll).not.toHaveBeenCalled();
    expect(electron.state.ended).toBeUndefined();
    electron.state.answers = [CANCEL];
    leave();
    expect(questions()).toHaveLength(2);
  });

  test('it asks once at a time', async () => {
    await open([row({ state: 'paused' })]);
    leave();
    leave();
    await settle();
    expect(questions()).toHaveLength(1);
  });

  test('Keep goes on without a window, until there is one again', async () => {
    const { host, window, background } = await open([row({ state: 'running' })]);
    electron.state.answers = [KEEP];
    leave();
    await settle();
    expect(windows()).toBe(0);
    expect(background).toEqual([true]);
    expect(host.stopAll).not.toHaveBeenCalled();
    expect(host.close).not.toHaveBeenCalled();
    expect(electron.state.ended).toBeUndefined();

    window.show();
    expect(windows()).toBe(1);
    expect(background).toEqual([true, false]);
    electron.state.answers = [CANCEL];
    electron.state.windows[0].close();
    await settle();
    expect(questions()).toHaveLength(2);
    expect(windows()).toBe(1);
  });

  test('Stop writes the checkpoint first, then gives the library back, then ends', async () => {
    const { host } = await open([row({ state: 'running' })]);
    electron.state.answers = [STOP];
    let finish = (): void => undefined;
    host.stopAll.mockReturnValue(new Promise<void>((resolve) => (finish = resolve)));
    leave();
    await settle();
    expect(host.stopAll).toHaveBeenCalledOnce();
    expect(host.close).not.toHaveBeenCalled();
    expect(windows()).toBe(1);
    finish();
    await settle();
    expect(host.close).toHaveBeenCalledOnce();
    expect(electron.state.ended).toBe(0);
  });

  test('Keep ends after all where the run ended meanwhile', async () => {
    const { host, live } = await open([row({ state: 'running' })]);
    let choose = (_: { response: number; checkboxChecked: boolean }): void => undefined;
    vi.spyOn(electron.module.dialog, 'showMessageBox').mockReturnValue(
      new Promise((resolve) => (choose = resolve)),
    );
    leave();
    live.splice(0);
    choose({ response: KEEP, checkboxChecked: false });
    await settle();
    expect(host.stopAll).not.toHaveBeenCalled();
    expect(electron.state.ended).toBe(0);
  });
});

describe('while the checkpoint is written', () => {
  async function stopping() {
    const parts = await open([row({ state: 'running' })]);
    parts.host.stopAll.mockReturnValue(new Promise(() => undefined));
    void parts.guard.stopAndQuit();
    return parts;
  }

  test('quitting again offers to wait', async () => {
    const { host } = await stopping();
    electron.state.answers = [0];
    electron.app.quit();
    await settle();
    expect(questions()).toEqual(['The checkpoint is still being written.']);
    expect(host.killAll).not.toHaveBeenCalled();
    expect(electron.state.ended).toBeUndefined();
  });

  test('or not to', async () => {
    const { host } = await stopping();
    electron.state.answers = [1];
    electron.app.quit();
    await settle();
    expect(host.killAll).toHaveBeenCalledOnce();
    expect(electron.state.ended).toBe(0);
  });

  test('a failure is told, and the program stays', async () => {
    const { host, guard } = await open([row({ state: 'running' })]);
    host.stopAll.mockRejectedValue(new Error('no space left on device'));
    electron.state.answers = [0];
    await guard.stopAndQuit();
    expect(electron.state.dialogs).toMatchObject([{ type: 'error', detail: 'no space left on device' }]);
    expect(windows()).toBe(1);
    expect(electron.state.ended).toBeUndefined();
  });
});

describe('in the background', () => {
  test('it ends by itself a minute after the last work', async () => {
    const { guard, live } = await open([row({ state: 'running' })]);
    electron.state.answers = [KEEP];
    electron.app.quit();
    await settle();
    vi.useFakeTimers();
    live.splice(0);
    guard.workChanged(false);
    vi.advanceTimersByTime(30_000);
    guard.workChanged(true);
    vi.advanceTimersByTime(60_000);
    expect(electron.state.ended).toBeUndefined();
    guard.workChanged(false);
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await settle();
    expect(electron.state.ended).toBe(0);
  });

  test('it stays where the window was opened again', async () => {
    const { guard, window } = await open([row({ state: 'running' })]);
    electron.state.answers = [KEEP];
    electron.app.quit();
    await settle();
    vi.useFakeTimers();
    guard.workChanged(false);
    window.show();
    vi.advanceTimersByTime(120_000);
    expect(electron.state.ended).toBeUndefined();
  });
});

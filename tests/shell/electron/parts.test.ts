/** The pure parts of the Electron shell. */
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLog } from '../../../src/main/shell/electron/log';
import { startOptions } from '../../../src/main/shell/electron/options';
import {
  readWindowState,
  visibleBounds,
  writeWindowState,
} from '../../../src/main/shell/electron/window-state';
import { createStandIn } from './stand-in';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-parts-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('the place of the window', () => {
  const state = { bounds: { x: -1900, y: 40, width: 1200, height: 800 }, maximized: false };

  test('is written whole and read again', () => {
    const file = join(folder, 'profile/window.json');
    writeWindowState(file, state);
    expect(readWindowState(file, vi.fn())).toEqual(state);
    expect(readdirSync(join(folder, 'profile'))).toEqual(['window.json']);
  });

  test('is ignored where the file is broken, with a line in the log', () => {
    const file = join(folder, 'window.json');
    for (const text of [
      '{"bounds":',
      '[]',
      '{"bounds":{"x":0,"y":0,"width":-5,"height":1e99},"maximized":false}',
    ]) {
      writeFileSync(file, text);
      const log = vi.fn();
      expect(readWindowState(file, log)).toBeUndefined();
      expect(log).toHaveBeenCalledWith('warning', expect.stringContaining(file), expect.anything());
    }
  });

  test('is nothing to write home about where there is none yet', () => {
    const log = vi.fn();
    expect(readWindowState(join(folder, 'window.json'), log)).toBeUndefined();
    expect(log).not.toHaveBeenCalled();
  });

  const left = { x: -1920, y: 0, width: 1920, height: 1080 };
  const main = { x: 0, y: 0, width: 1920, height: 1040 };
  test.each([
    ['a display that is still there', state.bounds, [main, left], true],
    ['a display that was unplugged', state.bounds, [main], false],
    ['mostly out, but to be reached', { ...state.bounds, x: -1050 }, [main], true],
    ['a strip too narrow to be reached', { ...state.bounds, x: -1150 }, [main], false],
    ['title bar above the screen', { ...state.bounds, x: 0, y: -50 }, [main], false],
    ['title bar below the screen', { ...state.bounds, x: 0, y: 1030 }, [main], false],
  ])('%s', (_name, bounds, displays, isRestored) => {
    expect(visibleBounds(bounds, displays)).toEqual(isRestored ? bounds : undefined);
  });
});

describe('what it was started with', () => {
  test('is the library and the roots, whatever else Chromium adds', () => {
    const args = [
      '--inspect=0',
      '--remote-debugging-port=0',
      '/app',
      '--library',
      'lib',
      '--no-sandbox',
      '--root=/data',
    ];
    expect(startOptions([...args, '--root', 'pictures'], '/home/me')).toEqual({
      library: resolve('/home/me/lib'),
      roots: [resolve('/data'), resolve('/home/me/pictures')],
    });
  });

  test('is the usual where nothing is said', () => {
    vi.stubEnv('SELVEDGE_LIBRARY', join(folder, 'usual'));
    expect(startOptions(['/app'])).toEqual({ library: join(folder, 'usual'), roots: [homedir()] });
  });

  test.each([['--library'], ['--library='], ['--root']])('%s without a folder is refused', (arg) => {
    expect(() => startOptions([arg])).toThrow(/needs a folder/);
  });
});

describe('the log', () => {
  beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));

  test('is written at once, with the stack of an error', () => {
    const file = join(folder, 'logs/selvedge.log');
    const log = openLog(file);
    log('info', 'hello');
    log('error', 'a bug', new Error('of ours'));
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\S+Z info: hello\n\S+Z error: a bug\nError: of ours\n {4}at /,
    );
  });

  test('is set aside when it is full', () => {
    const file = join(folder, 'selvedge.log');
    writeFileSync(file, 'x'.repeat(1_000_001));
    openLog(file)('info', 'anew');
    expect(readFileSync(file, 'utf8')).toMatch(/info: anew\n$/);
    expect(readFileSync(`${file}.1`, 'utf8')).toHaveLength(1_000_001);
  });
});

describe('the menu', () => {
  test.each(['linux', 'win32', 'darwin'] as const)(
    'on %s has every action once, and no key twice',
    async (platform) => {
      vi.resetModules();
      vi.doMock('electron', () => createStandIn(folder).module);
      const { menuTemplate } = await import('../../../src/main/shell/electron/menu');
      const targets = { command: vi.fn(), openLibraryFolder: vi.fn() };
      const items = (isPackaged: boolean) =>
        menuTemplate(targets, platform, isPackaged).flatMap(({ submenu }) =>
          Array.isArray(submenu) ? submenu : [],
        );
      const ids = items(true).flatMap(({ id }) => id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      const pages = globSync('src/renderer/**/*.{ts,svelte}')
        .map((file) => readFileSync(file, 'utf8'))
        .join('');
      const ours = ids.filter((id) => id.includes('.'));
      expect(ours.length).toBeGreaterThan(10);
      expect(ours.filter((id) => !pages.includes(`id: '${id}'`))).toEqual([]);
      const keys = items(true).flatMap(({ accelerator }) => accelerator ?? []);
      expect(new Set(keys).size).toBe(keys.length);
      const roles = (isPackaged: boolean) => items(isPackaged).flatMap(({ role }) => role ?? []);
      expect(roles(true)).toContain('quit');
      expect(roles(true)).not.toContain('toggleDevTools');
      expect(roles(false)).toContain('toggleDevTools');
      vi.doUnmock('electron');
    },
  );
});

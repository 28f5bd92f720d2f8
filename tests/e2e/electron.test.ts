/** The real Electron, where its binary and a display are there: it starts, shows the runs, and ends. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The binary, where `npm start` has fetched it. */
function electronBinary(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

const binary = electronBinary();
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
const missing = !binary
  ? "Electron's binary is not installed; `npm start` fetches it where it can"
  : !hasDisplay
    ? 'there is no display; `xvfb-run -a npm test` brings one'
    : undefined;

let folder: string;
let electron: ElectronApplication;
let page: Page;

beforeAll(async () => {
  if (missing || !binary) return;
  folder = mkdtempSync(join(tmpdir(), 'selvedge-electron-'));
  electron = await _electron.launch({
    executablePath: binary,
    args: [
      root,
      '--library',
      join(folder, 'library'),
      `--user-data-dir=${join(folder, 'profile')}`,
      // Chromium's sandbox refuses root, as which tests may run.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  page = await electron.firstWindow();
});

afterAll(async () => {
  if (missing) return;
  await electron.close();
  rmSync(folder, { recursive: true, force: true });
});

test('shows the runs of its library', async (context) => {
  context.skip(missing !== undefined, missing);
  expect(page.url()).toMatch(/^app:\/\/selvedge\//);
  await page.getByRole('link', { name: 'New run' }).first().waitFor();
  expect(existsSync(join(folder, 'library/selvedge.db'))).toBe(true);
});

test('gives the page the bridge, and nothing of Node', async (context) => {
  context.skip(missing !== undefined, missing);
  const seen = await page.evaluate(() => ({
    bridge: Object.keys((window as unknown as { selvedge: object }).selvedge).sort(),
    require: typeof (window as unknown as { require?: unknown }).require,
    process: typeof (window as unknown as { process?: unknown }).process,
  }));
  expect(seen).toEqual({
    bridge: ['chooseArchives', 'chooseFolder', 'connect', 'dropped', 'onCommand', 'onGo', 'platform', 'save'],
    require: 'undefined',
    process: 'undefined',
  });
});

test('follows the menu', async (context) => {
  context.skip(missing !== undefined, missing);
  await electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('go.settings')?.click();
  });
  await page.waitForURL(/#\/settings$/);
});

test('ends, and gives its library back', async (context) => {
  context.skip(missing !== undefined, missing);
  const ended = new Promise<number | null>((resolve) => electron.process().once('exit', resolve));
  await electron.evaluate(({ app }) => app.quit());
  expect(await ended).toBe(0);
  expect(existsSync(join(folder, 'library/selvedge.lock'))).toBe(false);
});

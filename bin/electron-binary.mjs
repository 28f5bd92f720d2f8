/** Finds Electron's binary, fetches it where it is not there yet, or says in a few words why it cannot be had. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findNode24 } from './node24.mjs';

/** How long fetching may take, ms: about 120 MB. */
const PATIENCE = 300_000;

/**
 * Why Electron cannot open a window here whatever is installed, or undefined.
 * @param {{ platform: string, env: NodeJS.ProcessEnv, isRoot: boolean }} machine
 */
export function noWindowHere({ platform, env, isRoot }) {
  if (platform !== 'linux') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  // Its sandbox refuses; without one it must not run.
  if (isRoot) return 'Electron does not run as root';
  return undefined;
}

/** @returns {string | undefined} the folder of the electron package. */
function electronFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}

/** @returns {string | undefined} the binary, where it was fetched before. */
export function installedElectron() {
  const folder = electronFolder();
  if (folder === undefined) return undefined;
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist');
  const binary = join(dist, readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

/**
 * @param {(line: string) => void} say is told before something takes long.
 * @returns {{ binary: string } | { missing: string }}
 */
export function electronBinary(say) {
  const folder = electronFolder();
  if (folder === undefined) return { missing: 'the electron package is not installed' };
  const present = installedElectron();
  if (present) return { binary: present };
  say('Fetching Electron, once (about 120 MB) ...');
  const { status, stderr, error } = spawnSync(
    findNode24() ?? process.execPath,
    [join(folder, 'install.js')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: PATIENCE,
    },
  );
  const fetched = installedElectron();
  if (fetched) return { binary: fetched };
  const why = error?.code === 'ETIMEDOUT' ? 'it took too long' : reasonIn(stderr ?? '') || `code ${status}`;
  return { missing: `Electron could not be fetched (${why})` };
}

/** The sentence of an error as Node prints it: "Error: getaddrinfo ENOTFOUND ..." */
function reasonIn(text) {
  const line = text.split('\n').find((each) => /^\w*Error\b.*: /.test(each)) ?? text.trim().split('\n')[0];
  return line
    .replace(/^\w*Error\b[^:]*: /, '')
    .trim()
    .slice(0, 160);
}

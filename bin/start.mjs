/** `npm start`: the app in Electron, or in the browser where Electron cannot be had. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

/** @returns {{ binary: string } | { missing: string }} */
function findElectron() {
  if (args.includes('--no-electron')) return { missing: 'you asked for the browser' };
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { missing: 'there is no display' };
  }
  let folder;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { missing: 'the electron package is not installed' };
  }
  if (!binaryIn(folder)) {
    console.log('Fetching Electron, once ...');
    spawnSync(findNode24() ?? process.execPath, [join(folder, 'install.js')], {
      stdio: 'ignore',
      timeout: 300_000,
    });
  }
  const binary = binaryIn(folder);
  return binary ? { binary } : { missing: 'Electron could not be fetched' };
}

function binaryIn(folder) {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

function openInBrowser(why) {
  console.log(`Selvedge opens in your browser, since ${why}.`);
  launch(
    'main/headless.js',
    args.filter((arg) => arg !== '--no-electron'),
  );
}

const electron = findElectron();
if ('missing' in electron) {
  openInBrowser(electron.missing);
} else {
  const started = Date.now();
  const child = spawn(electron.binary, [root, ...args], { stdio: 'inherit' });
  let settled = false;
  const end = (why, code) => {
    if (settled) return;
    settled = true;
    // A missing system library or a refused sandbox ends it at once.
    if (code !== 0 && Date.now() - started < 5000) openInBrowser(why);
    else process.exitCode = code;
  };
  child.on('error', (error) => end(`Electron could not be started (${error.message})`, 1));
  child.on('exit', (code) => end(`Electron ended at once with code ${code}`, code ?? 1));
}

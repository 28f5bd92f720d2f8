/**
 * `npm start`: the app in Electron, or in the browser where Electron cannot be had.
 *
 *   npm start -- [--library <folder>] [--root <folder>]... [--no-electron] [--port N] [--no-open]
 *
 * A port and --no-open are about the browser, and so ask for it.
 */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronBinary, noWindowHere } from './electron-binary.mjs';
import { endLike, passSignals } from './follow.mjs';
import { builtProgram, launch } from './launch.mjs';

/** Electron that ends sooner than this did not come to open a window, ms. */
const AT_ONCE = 5000;
/** The exit code by which src/main/shell/electron says that it told the user why, and that a browser would not help. */
const REFUSED = 3;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const isGiven = (option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`));

function openInBrowser(why) {
  console.log(`Selvedge opens in your browser, since ${why}.`);
  launch(
    'main/headless.js',
    args.filter((arg) => arg !== '--no-electron'),
  );
}

/** @returns {string | undefined} why the user wants the browser. */
function browserWanted() {
  if (isGiven('--no-electron')) return 'you asked for it with --no-electron';
  const option = ['--port', '--no-open'].find(isGiven);
  return option && `${option} is about the browser`;
}

function openInElectron(binary) {
  builtProgram('main/electron.js');
  const started = Date.now();
  const env = { ...process.env };
  // Set in the terminals of editors that are Electron themselves; it would make this one a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const child = spawn(binary, [root, ...args], { stdio: 'inherit', env });
  const endPassing = passSignals(child);
  let isSettled = false;
  const end = (why, code, signal) => {
    if (isSettled) return;
    isSettled = true;
    endPassing();
    // A missing system library or a refused sandbox ends it before any window.
    const failed = code !== 0 && code !== REFUSED && !wasToldToEnd(signal);
    if (failed && Date.now() - started < AT_ONCE) openInBrowser(why);
    else endLike(code === REFUSED ? 1 : code, signal);
  };
  child.on('error', (error) => end(`Electron could not be started (${error.message})`, 1, null));
  child.on('exit', (code, signal) =>
    end(`Electron ended at once with ${signal ? `signal ${signal}` : `code ${code}`}`, code, signal),
  );
}

const wasToldToEnd = (signal) => ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'].includes(signal);

const why =
  browserWanted() ??
  noWindowHere({ platform: process.platform, env: process.env, isRoot: process.getuid?.() === 0 });
if (why) {
  openInBrowser(why);
} else {
  const electron = electronBinary(console.log);
  if ('missing' in electron) openInBrowser(electron.missing);
  else openInElectron(electron.binary);
}

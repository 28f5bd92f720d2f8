/** bin/start.mjs: `npm start` with an Electron that is there, fetched, broken or missing. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;

/** Says which program it is and what it was given. */
const headless = `console.log('headless ' + JSON.stringify(process.argv.slice(2)));`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-start-'));
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'out/main'), { recursive: true });
  writeFileSync(join(folder, 'out/main/headless.js'), headless);
  writeFileSync(join(folder, 'out/main/electron.js'), '');
  mkdirSync(join(folder, 'node_modules/electron/dist'), { recursive: true });
  symlinkSync(resolve('node_modules/node'), join(folder, 'node_modules/node'));
  writeFileSync(join(folder, 'node_modules/electron/package.json'), '{"version":"45.0.0"}');
  writeFileSync(join(folder, 'node_modules/electron/install.js'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An Electron that is a shell script. */
function installElectron(script: string): void {
  const binary = join(folder, 'node_modules/electron/dist/electron');
  writeFileSync(binary, `#!/bin/sh\n${script}\n`);
  chmodSync(binary, 0o755);
  writeFileSync(join(folder, 'node_modules/electron/path.txt'), 'electron');
}

interface Started {
  child: ChildProcess;
  firstLine: Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null; lines: string[] }>;
}

function start(args: string[], env: NodeJS.ProcessEnv = {}, uid = 1000): Started {
  const child = spawn(process.execPath, [join(folder, 'bin/start.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DISPLAY: ':99',
      // Tests may run as root, users do not.
      NODE_OPTIONS: `--import=data:text/javascript,process.getuid=()=>${uid}`,
      ...env,
    },
  });
  let output = '';
  const firstLine = new Promise<void>((resolved) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      resolved();
    });
  });
  const ended = new Promise<Awaited<Started['ended']>>((resolved) => {
    child.on('close', (code, signal) => resolved({ code, signal, lines: output.trimEnd().split('\n') }));
  });
  return { child, firstLine, ended };
}
const linesOf = async (args: string[], env?: NodeJS.ProcessEnv, uid?: number) =>
  (await start(args, env, uid).ended).lines;

describe('npm start', () => {
  beforeEach((context) => {
    context.skip(process.platform !== 'linux', 'the Electron of these tests is a Linux shell script');
  });

  const where = ['--library', 'my lib', '--root', '/a', '--root', '/b'];

  test('opens the window with what it was given', async () => {
    installElectron('echo "electron $*"; echo "as node: $ELECTRON_RUN_AS_NODE"; exit 7');
    const { lines, code } = await start(where, { ELECTRON_RUN_AS_NODE: '1' }).ended;
    // It ends at once, so the browser comes after it; what counts here is how it was started.
    expect(lines.slice(0, 2)).toEqual([`electron ${folder} ${where.join(' ')}`, 'as node: ']);
    expect(lines[2]).toBe('Selvedge opens in your browser, since Electron ended at once with code 7.');
    expect(code).toBe(0);
  });

  test('ends as the window does', async () => {
    installElectron('exit 0');
    expect(await start([]).ended).toMatchObject({ code: 0, lines: [''] });
  });

  test('passes a termination on, and takes it for no failure', async () => {
    // A shell may miss a signal that comes just before it waits.
    const waits = `process.on('SIGTERM', () => { console.log('told'); process.exit(0); });
      setInterval(() => undefined, 1000);
      console.log('up');`;
    writeFileSync(join(folder, 'waits.mjs'), waits);
    installElectron(`exec "${process.execPath}" "${join(folder, 'waits.mjs')}"`);
    const { child, firstLine, ended } = start([]);
    await firstLine;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, lines: ['up', 'told'] });
  });

  test('opens no browser where the app has told the user why it cannot start', async () => {
    installElectron('exit 3');
    expect(await start([]).ended).toMatchObject({ code: 1, lines: [''] });
  });

  test.each([
    ['there is no display', [], { DISPLAY: '', WAYLAND_DISPLAY: '' }, 1000],
    ['Electron does not run as root', [], {}, 0],
    ['you asked for it with --no-electron', ['--no-electron'], {}, 1000],
    ['--port is about the browser', ['--port=8080'], {}, 1000],
    ['--no-open is about the browser', ['--no-open'], {}, 1000],
  ])('opens the browser since %s', async (why, args, env, uid) => {
    installElectron('echo electron');
    const passed = [...where, ...args.filter((arg) => arg !== '--no-electron')];
    expect(await linesOf([...where, ...args], env, uid)).toEqual([
      `Selvedge opens in your browser, since ${why}.`,
      `headless ${JSON.stringify(passed)}`,
    ]);
  });

  test('opens the browser since the signal says that Electron crashed', async () => {
    installElectron('kill -TRAP $$');
    expect((await linesOf([]))[0]).toBe(
      'Selvedge opens in your browser, since Electron ended at once with signal SIGTRAP.',
    );
  });

  test('says why Electron cannot be fetched', async () => {
    writeFileSync(
      join(folder, 'node_modules/electron/install.js'),
      `console.error('Error: getaddrinfo ENOTFOUND example.org\\n    at somewhere'); process.exit(1);`,
    );
    expect((await linesOf([])).slice(0, 2)).toEqual([
      'Fetching Electron, once (about 120 MB) ...',
      'Selvedge opens in your browser, since Electron could not be fetched (getaddrinfo ENOTFOUND example.org).',
    ]);
  });

  test('fetches Electron where it can', async () => {
    writeFileSync(
      join(folder, 'node_modules/electron/install.js'),
      `const fs = require('node:fs');
       fs.writeFileSync(__dirname + '/dist/electron', '#!/bin/sh\\necho fetched', { mode: 0o755 });
       fs.writeFileSync(__dirname + '/path.txt', 'electron');`,
    );
    writeFileSync(
      join(folder, 'node_modules/electron/package.json'),
      '{"version":"45.0.0","type":"commonjs"}',
    );
    expect(await linesOf([])).toEqual(['Fetching Electron, once (about 120 MB) ...', 'fetched']);
  });

  test('opens the browser where the package is not installed', async () => {
    rmSync(join(folder, 'node_modules/electron'), { recursive: true });
    expect((await linesOf([]))[0]).toBe(
      'Selvedge opens in your browser, since the electron package is not installed.',
    );
  });
});

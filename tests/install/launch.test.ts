/** bin/selvedge.mjs: the hand-over to the CLI under Node 24. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** Prints what it was given, then does what its first argument says. */
const standIn = `
  const [what, value] = process.argv.slice(2);
  if (what === 'wait') {
    let seen = 0;
    process.on('SIGINT', () => {
      seen++;
      setTimeout(() => process.exit(10 + seen), 300);
    });
    setInterval(() => {}, 1000);
  }
  console.log(JSON.stringify({ node: process.version, args: process.argv.slice(2) }));
  if (what === 'exit') process.exit(Number(value));
  if (what === 'die') process.kill(process.pid, value);
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-launch-'));
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'out/main'), { recursive: true });
  writeFileSync(join(folder, 'out/main/cli.js'), standIn);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('node_modules/node'), join(folder, 'node_modules/node'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<Ended>; started: Promise<void> } {
  const child = spawn(process.execPath, [join(folder, 'bin/selvedge.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const started = new Promise<void>((resolved) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      resolved();
    });
  });
  const ended = new Promise<Ended>((resolved) => {
    child.on('close', (code, signal) => resolved({ code, signal, stdout, stderr }));
  });
  return { child, ended, started };
}

test('runs the CLI under Node 24 with the arguments as they are', async () => {
  const { stdout, code } = await start('exit', '0', 'a b', '--set', 'x="1"').ended;
  expect(JSON.parse(stdout)).toMatchObject({ args: ['exit', '0', 'a b', '--set', 'x="1"'] });
  expect(stdout).toContain('"node":"v24.');
  expect(code).toBe(0);
});

test('ends with its exit code', async () => {
  expect(await start('exit', '2').ended).toMatchObject({ code: 2, signal: null });
});

test('ends by the signal that ended it', async () => {
  expect(await start('die', 'SIGKILL').ended).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('passes an interrupt on, once, and waits', async () => {
  const { child, started, ended } = start('wait');
  await started;
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 11, signal: null });
});

test('passes a termination on', async () => {
  const { child, started, ended } = start('wait');
  await started;
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ signal: 'SIGTERM' });
});

describe('says what to do where', () => {
  test('nothing is built', async () => {
    rmSync(join(folder, 'out'), { recursive: true });
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/not built: .*cli\.js is missing\.\nRun `npm run build`/);
  });

  test('Node 24 is missing', async () => {
    rmSync(join(folder, 'node_modules/node'));
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/Node 24 .* is missing.*\nRun `npm ci` again/);
  });

  test("the node package's install script did not run", async () => {
    rmSync(join(folder, 'node_modules/node'));
    mkdirSync(join(folder, 'node_modules/node'));
    cpSync(
      join(dirname(resolve('node_modules/node/bin')), 'package.json'),
      join(folder, 'node_modules/node/package.json'),
    );
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/no --ignore-scripts/);
  });
});

/** scripts/fuses.mjs on a file that holds what Electron's binaries hold: a sentinel, and behind it a wire of fuses. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron 45 leaves its factory. */
const FACTORY = '101100011';
/** As the table of scripts/fuses.mjs wants them. */
const WANTED = '010011001';

let folder: string;
let binary: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-fuses-'));
  binary = join(folder, 'electron');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(wire: string): void {
  const before = Buffer.alloc(5_000_000, 'x');
  writeFileSync(
    binary,
    Buffer.concat([before, Buffer.from(SENTINEL), Buffer.from([1, wire.length]), Buffer.from(wire), before]),
  );
}
const wire = (length: number) => {
  const bytes = readFileSync(binary);
  const start = bytes.indexOf(SENTINEL) + SENTINEL.length + 2;
  return bytes.subarray(start, start + length).toString();
};
const fuses = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/fuses.mjs', ...args], { encoding: 'utf8' });

test('sets every fuse and prints how it stands', () => {
  write(FACTORY);
  const size = readFileSync(binary).length;
  const { status, stdout } = fuses(binary);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'off     RunAsNode',
    'on      EnableCookieEncryption',
    'off     EnableNodeOptionsEnvironmentVariable',
    'off     EnableNodeCliInspectArguments',
    'on      EnableEmbeddedAsarIntegrityValidation',
    'on      OnlyLoadAppFromAsar',
    'off     LoadBrowserProcessSpecificV8Snapshot',
    'off     GrantFileProtocolExtraPrivileges',
    'on      WasmTrapHandlers',
  ]);
  expect(status).toBe(0);
  expect(wire(9)).toBe(WANTED);
  expect(readFileSync(binary)).toHaveLength(size);
});

test('reads without changing, and says what is not as wanted', () => {
  write(FACTORY);
  const { status, stdout } = fuses('--read', binary);
  expect(stdout).toContain('on      RunAsNode   not as wanted\n');
  expect(stdout).toContain('on      WasmTrapHandlers\n');
  expect(status).toBe(1);
  expect(wire(9)).toBe(FACTORY);
});

test('refuses a fuse that the table does not know, and leaves the file as it is', () => {
  write(`${FACTORY}1`);
  const { status, stderr } = fuses(binary);
  expect(status).toBe(1);
  expect(stderr).toMatch(/could not be set: .*10 fuses/);
  expect(wire(10)).toBe(`${FACTORY}1`);
});

test('refuses a file that is no Electron', () => {
  writeFileSync(binary, 'not an Electron');
  expect(fuses(binary)).toMatchObject({ status: 1, stderr: expect.stringContaining('sentinel') });
});

test('says how it is used', () => {
  expect(fuses()).toMatchObject({ status: 2, stderr: expect.stringContaining('usage') });
  expect(fuses(join(folder, 'missing'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('does not exist'),
  });
});

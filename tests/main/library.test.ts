import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost } from '../../src/main/host';
import { defaultLibraryFolder, openLibrary } from '../../src/main/library';
import { LibraryInUse, takeLock } from '../../src/main/lock';
import { identityOf } from '../../src/main/process-identity';
import { fakeConfig, fakeRunner, matching, temporaryFolder } from './helpers';

describe('the default library folder', () => {
  it('follows SELVEDGE_LIBRARY, then the habits of the platform', () => {
    expect(defaultLibraryFolder({ SELVEDGE_LIBRARY: '/my/library' })).toBe('/my/library');
    expect(defaultLibraryFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/home/a')).toBe('/data/selvedge');
    expect(defaultLibraryFolder({}, 'linux', '/home/a')).toBe('/home/a/.local/share/selvedge');
    expect(defaultLibraryFolder({}, 'darwin', '/Users/a')).toBe(
      '/Users/a/Library/Application Support/Selvedge',
    );
    expect(defaultLibraryFolder({ APPDATA: '/roaming' }, 'win32', '/a')).toBe('/roaming/Selvedge');
  });
});

/** Another process, alive until the test ends. */
function otherProcess() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const lockOf = (pid: number, more = {}) =>
  JSON.stringify({
    pid,
    identity: identityOf(pid),
    machine: hostname(),
    since: '2026-11-22T15:30:12.000Z',
    ...more,
  });

describe('the lock', () => {
  it('is held by one owner, and given back', () => {
    const file = join(temporaryFolder(), 'selvedge.lock');
    const unlock = takeLock(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, machine: hostname() });
    expect(() => takeLock(file)).toThrow(LibraryInUse);
    unlock();
    expect(existsSync(file)).toBe(false);
    takeLock(file)();
  });

  it('of a living process names it, since when, and what to do', () => {
    const file = join(temporaryFolder(), 'selvedge.lock');
    const { pid } = otherProcess();
    writeFileSync(file, lockOf(pid!));
    expect(() => takeLock(file)).toThrow(`in use by process ${pid} since 2026-11-22T15:30:12.000Z`);
    try {
      takeLock(file);
    } catch (error) {
      expect(error).toMatchObject({ kind: 'failed', hint: matching(/--library/) });
    }
  });

  it('of a dead process is taken over', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'selvedge.lock');
    const child = otherProcess();
    writeFileSync(file, lockOf(child.pid!));
    child.kill('SIGKILL');
    await once(child, 'exit');
    takeLock(file)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('of a process whose pid was given to another is taken over', () => {
    const file = join(temporaryFolder(), 'selvedge.lock');
    writeFileSync(file, lockOf(otherProcess().pid!, { identity: 'an earlier boot/1' }));
    takeLock(file)();
  });

  it('of another machine is respected, and says which file to delete', () => {
    const file = join(temporaryFolder(), 'selvedge.lock');
    writeFileSync(file, lockOf(1, { machine: 'elsewhere' }));
    expect(() => takeLock(file)).toThrow(/on elsewhere/);
    try {
      takeLock(file);
    } catch (error) {
      expect(error).toMatchObject({ hint: matching(file) });
    }
  });

  it('that was never finished is taken over', () => {
    const file = join(temporaryFolder(), 'selvedge.lock');
    writeFileSync(file, '{"pid":');
    takeLock(file)();
  });
});

describe('a library', () => {
  it('that does not exist reads as empty, and is not created', () => {
    const folder = join(temporaryFolder(), 'none');
    const library = openLibrary(folder, 'read');
    expect(library.store.runs.list()).toEqual([]);
    library.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('can be read while it is owned', () => {
    const folder = temporaryFolder();
    const owner = openLibrary(folder, 'own');
    const { id } = owner.store.runs.create(fakeConfig());
    expect(() => openLibrary(folder, 'own')).toThrow(LibraryInUse);
    const reader = openLibrary(folder, 'read');
    expect(reader.store.runs.get(id).status).toBe('queued');
    reader.close();
    owner.close();
  });

  it('gives the lock back where its database cannot be opened', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'selvedge.db'), 'no database '.repeat(200));
    expect(() => openLibrary(folder, 'own')).toThrow(/cannot be opened/);
    expect(existsSync(join(folder, 'selvedge.lock'))).toBe(false);
  });

  it('in a place that is a file says so', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => openLibrary(file, 'own')).toThrow(`The library folder ${file} cannot be used`);
  });
});

describe('a host that starts', () => {
  it('marks what a dead host left running as interrupted, and ends the child that outlived it', async () => {
    const folder = temporaryFolder();
    const library = openLibrary(folder, 'own');
    const orphan = otherProcess();
    const ended = once(orphan, 'exit');
    const { id } = library.store.runs.create(fakeConfig());
    library.store.runs.start(id, orphan.pid!, identityOf(orphan.pid!));
    library.close();

    const host = await openHost(fakeRunner, 'own', folder);
    onTestFinished(() => host.close());
    expect(host.store.runs.get(id)).toMatchObject({
      status: 'interrupted',
      hint: matching('resume'),
    });
    if (identityOf(process.pid) !== null) expect((await ended)[1]).toBe('SIGKILL');
  });

  it('does not end a process that only has the same pid', async () => {
    const folder = temporaryFolder();
    const library = openLibrary(folder, 'own');
    const bystander = otherProcess();
    const { id } = library.store.runs.create(fakeConfig());
    library.store.runs.start(id, bystander.pid!, 'an earlier boot/1');
    library.close();

    const host = await openHost(fakeRunner, 'own', folder);
    onTestFinished(() => host.close());
    expect(host.store.runs.get(id).status).toBe('interrupted');
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });
});

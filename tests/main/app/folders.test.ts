/** The folder picker: src/main/app/folders.ts and places.ts */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Folders, openRoots } from '../../../src/main/app/folders';
import { Places } from '../../../src/main/app/places';
import { temporaryFolder } from '../helpers';
import { refusalOf, served } from './support';

let root: string;
let outside: string;
let places: Places;
let folders: Folders;

beforeEach(() => {
  outside = temporaryFolder();
  mkdirSync(join(outside, 'secret'));
  root = join(temporaryFolder(), 'pictures');
  for (const name of ['birds 10', 'birds 2', '.hidden', '__MACOSX', 'birds 2/deep']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  for (const name of ['a.jpg', 'b.PNG', 'notes.txt', '.c.jpg', 'all.tar.gz', 'x.zip']) {
    writeFileSync(join(root, name), '');
  }
  symlinkSync(join(outside, 'secret'), join(root, 'way out'));
  symlinkSync(join(root, 'birds 2'), join(root, 'shortcut'));
  symlinkSync(join(root, 'nowhere'), join(root, 'broken'));
  places = new Places();
  folders = new Folders(openRoots([root]), places);
});

const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

describe('a listing', () => {
  test('begins with the roots', async () => {
    const top = await folders.list(null);
    expect(top).toMatchObject({ here: null, parents: [], images: 0, problem: null });
    expect(top.folders.map(({ path }) => path)).toEqual([root]);
  });

  test('has folders, archives and the number of images, sorted as people count, without what is hidden', async () => {
    const [{ id }] = (await folders.list(null)).folders;
    const found = await folders.list(id);
    expect(names(found.folders)).toEqual(['birds 2', 'birds 10', 'shortcut']);
    expect(names(found.archives)).toEqual(['all.tar.gz', 'x.zip']);
    expect(found).toMatchObject({ images: 2, problem: null, parents: [] });
    expect(found.here?.path).toBe(root);
  });

  test('names what lies above', async () => {
    const { id } = await folders.find(join(root, 'birds 2/deep'));
    const found = await folders.list(id);
    expect(found.parents.map(({ path }) => path)).toEqual([root, join(root, 'birds 2')]);
  });

  test('of very many shows the first, and says so', async () => {
    for (let i = 0; i < 2050; i++) mkdirSync(join(root, 'birds 10', `f${i}`));
    const found = await folders.list((await folders.find(join(root, 'birds 10'))).id);
    expect(found.folders).toHaveLength(2000);
    expect(found.folders[1].name).toBe('f1');
    expect(found.problem).toMatch(/first 2,000 of 2,050/);
  });
});

describe('nothing outside the roots', () => {
  test('can be typed, whether it exists or not', async () => {
    for (const path of [outside, join(outside, 'none'), '/', join(root, '../..'), `${root}x`]) {
      await expect(folders.find(path)).rejects.toThrow(/outside the folders that may be chosen from/);
    }
    await expect(folders.find(join(root, 'way out'))).rejects.toThrow(/outside/);
  });

  test('can be reached by a handle', async () => {
    await expect(folders.list('made-up')).rejects.toThrow(/no longer known/);
    await expect(folders.list(root)).rejects.toThrow(/no longer known/);
    // Dropped on the window: good as a data set, not for looking around.
    await expect(folders.list(places.give(outside).id)).rejects.toThrow(/outside/);
  });

  test('can be reached by a link that was turned meanwhile', async () => {
    const { id } = await folders.find(join(root, 'birds 2'));
    rmSync(join(root, 'birds 2'), { recursive: true });
    symlinkSync(outside, join(root, 'birds 2'));
    await expect(folders.list(id)).rejects.toThrow(/outside/);
  });
});

describe('a typed path', () => {
  test('may begin with ~, and may be an archive', async () => {
    const home = temporaryFolder();
    for (const name of ['HOME', 'USERPROFILE']) vi.stubEnv(name, home);
    onTestFinished(() => void vi.unstubAllEnvs());
    mkdirSync(join(home, 'photos'));
    const atHome = new Folders(openRoots(['~']), places);
    expect((await atHome.find(' ~/photos ')).path).toBe(join(home, 'photos'));
    expect((await folders.find(join(root, 'x.zip'))).name).toBe('x.zip');
  });

  test.each([
    ['birds', /no whole path/],
    ['', /no whole path/],
  ])('%j is refused', async (path, why) => {
    await expect(folders.find(path)).rejects.toThrow(why);
  });

  test('that is missing or no data set is said to be', async () => {
    await expect(folders.find(join(root, 'none'))).rejects.toThrow(/cannot be found/);
    await expect(folders.find(join(root, 'a.jpg'))).rejects.toThrow(/neither a folder nor an archive/);
  });
});

test('a root that is no folder is a usage error', () => {
  expect(() => openRoots([join(root, 'a.jpg')])).toThrow(/cannot be listed/);
  expect(() => openRoots([join(root, 'none')])).toThrow(/cannot be listed/);
});

test('the oldest handles are forgotten, the newest kept', () => {
  const many = new Places();
  const first = many.give('/first');
  for (let i = 0; i < 50_000; i++) many.give(`/${i}`);
  expect(() => many.pathOf(first.id)).toThrow(/no longer known/);
  expect(many.pathOf(many.give('/49999').id)).toBe('/49999');
});

test('the picker of the API is confined as well', async () => {
  const { connect } = await served({ roots: [root] });
  const client = await connect();
  const top = await client.folders.list({ place: null });
  expect(names((await client.folders.list({ place: top.folders[0].id })).folders)).toContain('birds 10');
  expect(await refusalOf(client.folders.find({ path: outside }))).toMatchObject({ code: 'REFUSED' });
  expect(await refusalOf(client.folders.list({ place: outside }))).toMatchObject({ code: 'REFUSED' });
});

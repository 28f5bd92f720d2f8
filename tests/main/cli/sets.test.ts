/** `selvedge embed` into sets, and `selvedge sets`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../src/main/library';
import { cli, fakeTerminal, temporaryFolder } from '../helpers';

function places(files = 3, name = 'birds') {
  const root = temporaryFolder();
  const folder = join(root, name);
  mkdirSync(folder);
  for (let i = 0; i < files; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  return { library: join(root, 'library'), folder };
}

it('embed makes a set, makes it up to date, and writes a file of it', async () => {
  const { library, folder } = places();
  const made = await cli(library, ['embed', 'pixels', '--data', folder]);
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(made.out).toMatch(/Raw pixels, 16 px on birds: 3 images \(3 new, 0 changed, 0 gone\), 10 images\/s/);

  writeFileSync(join(folder, 'new.jpg'), 'x');
  const out = join(folder, '..', 'out.zip');
  const again = await cli(library, ['embed', 'pixels', '--data', folder, '--out', out, '--json']);
  const lines = again.terminal.lines().filter(({ type }) => type !== 'progress');
  expect(lines).toMatchObject([
    { type: 'set', count: 4, state: 'ready', stopped: false, recipe: { encoder: { kind: 'pixels' } } },
    { type: 'exported', format: 'tsv', rows: 7 },
  ]);
  expect(readFileSync(out, 'utf8')).toBe('Raw pixels, 16 px');
  const listed = await cli(library, ['sets', 'list']);
  expect(listed.out).toMatch(/ready\s+4\s+4\s+100 B\s+Raw pixels, 16 px on birds/);
});

it('embed takes an encoder file, a feature, a precision and a whitening', async () => {
  const { library, folder } = places();
  const file = join(folder, '..', 'encoder.onnx');
  writeFileSync(file, 'x');
  const base = ['embed', file, '--data', folder, '--json'];
  expect((await cli(library, base)).code).toBe(0);
  const whitened = await cli(library, [...base, '--whiten', 'last', '--precision', 'float16', '--keep', '2']);
  expect(whitened.terminal.lines().at(-1)).toMatchObject({
    recipe: { encoder: { kind: 'imported' }, precision: 'float16', whitening: { size: 2 } },
  });
  const wrong = await cli(library, [...base, '--whiten', 'last', '--feature', 'layer3']);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toMatch(/made by another encoder or feature/);
});

it('a stopped embedding says how to go on', async () => {
  const { library, folder } = places(5, 'slow');
  const terminal = fakeTerminal({ onOut: () => terminal.interrupt() });
  const stopped = await cli(library, ['embed', 'pixels', '--data', folder, '--json'], terminal);
  expect(stopped.code).toBe(1);
  expect(stopped.err).toMatch(/Stopped\. Go on: selvedge sets update \w+/);
  const [{ state }] = (await cli(library, ['sets', 'list', '--json'])).terminal.lines();
  expect(state).toBe('partial');
});

it('nothing is left of a set whose first embedding fails', async () => {
  const { library, folder } = places();
  rmSync(folder, { recursive: true });
  const { code, err } = await cli(library, ['embed', 'pixels', '--data', folder]);
  expect({ code, err }).toMatchObject({
    code: 2,
    err: expect.stringContaining('no folder or file') as string,
  });
  expect((await cli(library, ['sets', 'list'])).out).toMatch(/No embedding sets yet/);
});

it('sets update and remove; a set that is not there is named', async () => {
  const { library, folder } = places();
  await cli(library, ['embed', 'pixels', '--data', folder]);
  rmSync(join(folder, '0.jpg'));
  expect((await cli(library, ['sets', 'update', 'last'])).out).toMatch(/2 images: 0 new, 0 changed, 1 gone/);
  const [{ id }] = (await cli(library, ['sets', 'list', '--json'])).terminal.lines() as { id: string }[];
  const files = join(library, 'embeddings', id);
  expect(existsSync(files)).toBe(true);
  expect((await cli(library, ['sets', 'remove', id])).out).toMatch(/Removed Raw pixels/);
  expect(existsSync(files)).toBe(false);
  expect(await cli(library, ['sets', 'export', id, '--out', 'a.npy'])).toMatchObject({
    code: 2,
    err: expect.stringContaining(`no embedding set "${id}"`) as string,
  });
});

it('needs the library for itself', async () => {
  const { library, folder } = places();
  const owner = openLibrary(library, 'own');
  const { code, err } = await cli(library, ['embed', 'pixels', '--data', folder]);
  owner.close();
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('in use') as string });
});

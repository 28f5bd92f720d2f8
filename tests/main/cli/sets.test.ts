/** `selvedge embed` into sets, and `selvedge sets`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encoderSource } from '../../../src/main/embedding/recipe';
import { openLibrary } from '../../../src/main/library';
import { NORMALIZATIONS } from '../../../src/shared/explorer/normalization';
import type { SetRecipe } from '../../../src/shared/explorer/sets';
import { cli, fakeRunner, fakeTerminal, temporaryFolder, temporaryHost } from '../helpers';

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

it('a normalization that is chosen makes a set of its own', async () => {
  const { library, folder } = places();
  const file = join(folder, '..', 'encoder.onnx');
  writeFileSync(file, 'x');
  const made = async (...args: string[]) => {
    const { terminal, err } = await cli(library, ['embed', file, '--data', folder, '--json', ...args]);
    const { id, recipe, name } = terminal.lines().at(-1) as { id: string; recipe: SetRecipe; name: string };
    return { id, recipe, name, err };
  };
  const assumed = await made();
  expect(assumed.err).toContain("ImageNet's mean and deviation are assumed");
  expect(assumed.recipe.encoder).not.toHaveProperty('normalization');
  const clip = await made('--normalization', 'clip');
  expect(clip.err).toBe('');
  expect(clip.name).toBe('encoder.onnx, normalized by clip on birds');
  expect(clip.recipe.encoder).toMatchObject({ normalization: NORMALIZATIONS.clip });
  const own = await made('--normalization', '0.1,0.2,0.3/0.5');
  expect(own.name).toBe('encoder.onnx, normalized by 0.1,0.2,0.3/0.5 on birds');
  expect(new Set([assumed.id, clip.id, own.id]).size).toBe(3);
  // What is assumed anyway, and the numbers of a name, are no other sets.
  expect((await made('--normalization', 'imagenet')).id).toBe(assumed.id);
  const { mean, std } = NORMALIZATIONS.clip;
  expect((await made('--normalization', `${mean.join()}/${std.join()}`)).id).toBe(clip.id);

  const host = await temporaryHost(fakeRunner, library);
  expect(encoderSource(host, assumed.recipe.encoder)).toMatchObject({
    normalization: NORMALIZATIONS.imagenet,
  });
  expect(encoderSource(host, clip.recipe.encoder)).toMatchObject({ normalization: NORMALIZATIONS.clip });
});

it('a normalization is refused where it is wrong or means nothing, saying why', async () => {
  const { library, folder } = places();
  const file = join(folder, '..', 'encoder.onnx');
  writeFileSync(file, 'x');
  const refused = async (encoder: string, normalization: string) => {
    const args = ['embed', encoder, '--data', folder, '--normalization', normalization];
    const { code, err } = await cli(library, args);
    return `${code} ${err}`;
  };
  expect(await refused(file, 'imagnet')).toMatch(
    /^2 .*"imagnet" is no normalization\. Did you mean imagenet/s,
  );
  expect(await refused(file, '123.675/0.2')).toMatch(/^2 .*mean 123\.675 is not from 0 to 1/s);
  expect(await refused('pixels', 'clip')).toMatch(/^2 --normalization is for encoder files, and "pixels"/);
  const ours = join(folder, '..', 'inside.onnx');
  writeFileSync(ours, 'x');
  expect(await refused(ours, 'clip')).toMatch(/^2 .*clip cannot be chosen for .*normalized twice/s);
  expect(await refused(ours, 'unit')).toMatch(/^0/);
  const set = await cli(library, ['eval', 'retrieval', 'last', '--normalization', 'clip']);
  expect(`${set.code} ${set.err}`).toMatch(/^2 --normalization .* with --data/);
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

/** `selvedge eval retrieval`, `eval copies`, `eval ground-truth convert` and `copies make`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli, temporaryFolder } from '../helpers';

function places() {
  const root = temporaryFolder();
  const folder = join(root, 'birds');
  mkdirSync(folder);
  for (let i = 0; i < 3; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  return { root, library: join(root, 'library'), folder };
}

const measured = (lines: Record<string, unknown>[]) => lines.filter(({ type }) => type === 'measured');

it('retrieval embeds a folder and prints the table; a set is measured as it is', async () => {
  const { library, folder } = places();
  const told = await cli(library, ['eval', 'retrieval', 'pixels', '--data', folder]);
  expect(told.code).toBe(0);
  expect(told.out).toMatch(/what\s+queries\s+left out\s+mAP\s+mP@1/);
  expect(told.out).toMatch(/all\s+6\s+1\s+50(\.0+)? %\s+40/);
  expect(told.err).toContain('Asking all queries ...');
  expect(told.err).toContain('Synthetic.');
  const again = await cli(library, ['eval', 'retrieval', 'last', '--knn', '1,5', '--json']);
  const [line] = measured(again.terminal.lines());
  expect(line).toMatchObject({ vectors: 'embeddings', protocol: { kind: 'knn', k: [1, 5] } });
  expect(again.terminal.lines().map(({ type }) => type)).toContain('work');
});

it('retrieval takes one protocol, and a set that is there', async () => {
  const { library } = places();
  const two = await cli(library, ['eval', 'retrieval', 'last', '--knn', '1', '--ground-truth', 'gt.csv']);
  expect(two).toMatchObject({ code: 2 });
  expect(two.err).toContain('two protocols');
  const none = await cli(library, ['eval', 'retrieval', 'nothing']);
  expect(none).toMatchObject({ code: 2 });
  expect(none.err).toContain('There is no embedding set "nothing"');
});

it('distractors are a set, or a folder that is embedded by the same encoder', async () => {
  const { root, library, folder } = places();
  const others = join(root, 'others');
  mkdirSync(others);
  for (let i = 0; i < 5; i++) writeFileSync(join(others, `${i}.jpg`), 'x');
  const file = join(root, 'encoder.onnx');
  writeFileSync(file, 'x');
  const asked = async (...args: string[]) => {
    const { code, err, terminal } = await cli(library, ['eval', ...args, '--json']);
    const lines = terminal.lines();
    return {
      told: `${code} ${err}`,
      lines,
      reports: measured(lines) as { protocol: object; notes: string[] }[],
    };
  };
  const base = ['retrieval', file, '--data', folder, '--feature', 'layer3'];
  const { lines, reports } = await asked(...base, '--distractors', others);
  const [set, distractors] = lines.filter(({ type }) => type === 'set') as { id: string; recipe: object }[];
  expect(distractors).toMatchObject({
    count: 5,
    recipe: { feature: 'layer3', encoder: { kind: 'imported' } },
  });
  expect(reports).toMatchObject([
    { set: set.id, protocol: { kind: 'classes', distractors: distractors.id } },
  ]);
  expect(reports[0].notes.join(' ')).toContain(join('embeddings', distractors.id));

  const truth = join(root, 'gt.csv');
  const named = [set.id, '--distractors', distractors.id];
  const byTruth = await asked('retrieval', ...named, '--ground-truth', truth);
  expect(byTruth.reports).toMatchObject([
    { protocol: { kind: 'ground-truth', distractors: distractors.id } },
  ]);
  expect((await asked('retrieval', ...named, '--knn', '1')).told).toMatch(
    /^2 --distractors are wrong answers/,
  );
  expect((await asked('retrieval', set.id, '--distractors', 'none')).told).toMatch(
    /^2 There is no embedding set "none"/,
  );
  const ofPixels = ['retrieval', 'pixels', '--data', folder, '--distractors', distractors.id];
  expect((await asked(...ofPixels)).told).toMatch(
    /2 .*made by encoder\.onnx, layer3, and what is measured by Raw pixels.*Give the folder instead/s,
  );
});

it('copies have distractors by each encoder that they are measured beside', async () => {
  const { root, library, folder } = places();
  const others = join(root, 'others');
  mkdirSync(others);
  writeFileSync(join(others, '0.jpg'), 'x');
  const file = join(root, 'encoder.onnx');
  writeFileSync(file, 'x');
  await cli(library, ['embed', file, '--data', others]);
  const args = ['eval', 'copies', file, '--data', folder, '--distractors', 'last', '--json'];
  const { terminal } = await cli(library, args);
  const sets = (await cli(library, ['sets', 'list', '--json'])).terminal.lines() as {
    id: string;
    dataPath: string;
    recipe: { encoder: { kind: string } };
  }[];
  const idOf = (kind: string) =>
    sets.find(({ dataPath, recipe }) => dataPath === others && recipe.encoder.kind === kind)?.id;
  // The perceptual hash is of the images of the encoder's set.
  expect(measured(terminal.lines())).toMatchObject([
    { protocol: { distractors: idOf('imported') } },
    { protocol: { distractors: idOf('pixels') } },
    { protocol: { distractors: idOf('imported') }, vectors: 'perceptual hash' },
  ]);
  expect(idOf('imported')).not.toBe(idOf('pixels'));
});

it('copies are measured beside pixels and hashes; pixels beside hashes only', async () => {
  const { root, library, folder } = places();
  const file = join(root, 'encoder.onnx');
  writeFileSync(file, 'x');
  const told = await cli(library, ['eval', 'copies', file, '--data', folder]);
  expect(told.code).toBe(0);
  expect(told.out).toMatch(/mAP encoder\.onnx\s+mAP Raw pixels, 16 px\s+mAP Perceptual hash/);
  expect(told.out).toMatch(/all\s+75(\.0+)? %\s+50(\.0+)? %\s+25(\.0+)? %\s+37\.50? %/);
  const pixels = await cli(library, ['eval', 'copies', 'pixels', '--data', folder, '--json']);
  expect(measured(pixels.terminal.lines()).map(({ vectors }) => vectors)).toEqual([
    'embeddings',
    'perceptual hash',
  ]);
});

it('copies make says what was made and what was left out', async () => {
  const { root, library, folder } = places();
  const out = join(root, 'copies');
  const base = ['copies', 'make', '--data', folder, '--out', out];
  const told = await cli(library, [...base, '--count', '3']);
  expect(told).toMatchObject({ code: 0 });
  expect(told.out).toContain(`Wrote 3 originals and 19 synthetic copies to ${out}.`);
  expect(told.err).toContain('a.jpg: Empty.');
  expect((await cli(library, [...base, '--blocks', 'jpeg,scan'])).err).toContain('There is no "scan"');
});

it('ground truth is converted, and no file is overwritten', async () => {
  const { root, library } = places();
  const pickle = fileURLToPath(new URL('../../golden/retrieval/gnd_small_p2.pkl', import.meta.url));
  const out = join(root, 'gt.json');
  const told = await cli(library, ['eval', 'ground-truth', 'convert', pickle, '--out', out]);
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toContain('2 queries, 5 images');
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ kind: 'revisited' });
  const again = await cli(library, ['eval', 'ground-truth', 'convert', pickle, '--out', out]);
  expect(again).toMatchObject({ code: 2 });
  const wrong = await cli(library, ['eval', 'ground-truth', 'convert', out, '--out', join(root, 'b.json')]);
  expect(wrong.err).toContain('is no ground truth of revisited Oxford or Paris');
});

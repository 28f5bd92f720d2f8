/** Experiments from the command line: stages in their order, going on where it was left, and the comparison. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openHost } from '../../../src/main/host';
import { cli, fakeRunner, temporaryFolder } from '../helpers';

const run = (library: string, ...more: string[]) =>
  cli(library, ['experiment', 'run', 'fake-pair', '--data', 'sample', ...more]);

it('trains the stages, each from the one it builds on, and compares them', async () => {
  const library = temporaryFolder();
  const { code, out } = await run(library, '--set', 'second.options.steps=20', '--set', 'seed=3');
  expect(code).toBe(0);
  expect(out).toMatch(/Stage 1 of 3: Stage first[^]*Stage 2 of 3: Stage second[^]*Stage 3 of 3: Stage alone/);
  expect(out).toMatch(/Stage second +5\.0 % +20\.0 % +20\.0 % +4/);
  expect(out).toContain('Published: nothing.');

  const host = await openHost(fakeRunner, 'read', library);
  const runs = Object.fromEntries(
    host.store.runs.list().map((found) => [found.name, host.store.runs.get(found.id)]),
  );
  host.close();
  expect(Object.keys(runs).sort()).toEqual(['fake-pair alone', 'fake-pair first', 'fake-pair second']);
  const { first, second } = { first: runs['fake-pair first'], second: runs['fake-pair second'] };
  expect(second).toMatchObject({ parent: first.id, step: 20, config: { seed: 3 } });
  expect(second.config.init?.checkpoint).toContain(first.id);
  expect(runs['fake-pair alone'].config.init).toBeNull();

  const page = readFileSync(join(library, 'reports', 'fake-pair.html'), 'utf8');
  expect(page).toContain('<h1>With and without</h1>');
  expect(page.match(/<polyline/g)).toHaveLength(2);
  expect(page).toContain('--set second.options.steps=20');

  const again = await run(library);
  expect(again.out.match(/Done already/g)).toHaveLength(3);
});

it('goes on with the same command after a stage failed', async () => {
  const library = temporaryFolder();
  const failed = await run(
    library,
    '--set',
    'second.options.behaviour=nan',
    '--set',
    'second.options.steps=20',
  );
  expect(failed.code).toBe(1);
  expect(failed.err).toContain('The same command goes on from here.');
  expect(failed.out).not.toContain('Stage 3');
});

it('tells a mistake in a later stage before anything is trained', async () => {
  const library = temporaryFolder();
  const { code, err } = await run(library, '--set', 'alone.batchSize=0');
  expect(code).toBe(2);
  expect(err).toContain('Stage alone: batchSize is 0; it must be at least 1.');
  const host = await openHost(fakeRunner, 'read', library);
  expect(host.store.runs.list()).toEqual([]);
  expect(host.store.experiments.list()).toEqual([]);
  host.close();
});

it('tells images that do not suit a later stage before anything is trained', async () => {
  const library = temporaryFolder();
  const { code, err } = await run(library, '--set', 'alone.options.samples=5');
  expect(code).toBe(1);
  expect(err).toContain('Stage alone: 5 images do not fill one batch');
  const host = await openHost(fakeRunner, 'read', library);
  expect(host.store.runs.list()).toEqual([]);
  host.close();
});

it('trains what needs labels on the labelled images that are apart, and evaluates the rest on them', async () => {
  const library = temporaryFolder();
  const arguments_ = ['experiment', 'run', 'fake-pair', '--data', '/unlabelled', '--labelled', '/apart'];
  const needing = ['second', 'alone'].flatMap((stage) => ['--set', `${stage}.options.needsLabels=true`]);
  const { code } = await cli(library, [...arguments_, ...needing]);
  expect(code).toBe(0);
  const host = await openHost(fakeRunner, 'read', library);
  const images = host.store.runs.list().map(({ id, name }) => {
    const { path, labelled } = host.store.runs.get(id).config.data;
    return [name, path, labelled];
  });
  host.close();
  expect(images).toEqual([
    ['fake-pair alone', '/apart', null],
    ['fake-pair second', '/apart', null],
    ['fake-pair first', '/unlabelled', '/apart'],
  ]);
});

it('refuses a name that another experiment has', async () => {
  const library = temporaryFolder();
  const host = await openHost(fakeRunner, 'own', library);
  host.store.experiments.put({
    ...{ name: 'mine', experiment: 'other', data: 'sample', labelled: null },
    ...{ settings: [], startedAt: 1 },
  });
  host.close();
  const { code, err } = await run(library, '--name', 'mine');
  expect(code).toBe(2);
  expect(err).toContain('The name "mine" is taken: it is an experiment of other.');
});

it('fine-tunes a run with shares of the labels, beside the same network from scratch', async () => {
  const library = temporaryFolder();
  const steps = ['--set', 'options.steps=5'];
  await cli(library, ['train', '--name', 'trained', ...steps]);
  const { code, out } = await cli(library, ['eval', 'finetune', 'trained', '--labels', '0.1,1', ...steps]);
  expect(code).toBe(0);
  expect(out).toContain('Fine-tuned, 10 % of the labels');
  const host = await openHost(fakeRunner, 'read', library);
  const names = host.store.runs.list().map(({ name }) => name);
  const tuned = host.store.runs.get(
    host.store.runs.list().find(({ name }) => name.includes('finetune-0-1'))!.id,
  );
  host.close();
  expect(names).toEqual([
    'trained scratch-1',
    'trained finetune-1',
    'trained scratch-0-1',
    'trained finetune-0-1',
    'trained',
  ]);
  expect(tuned.config).toMatchObject({ data: { labelShare: 0.1 }, epochs: 30 });
  expect(tuned.parent).not.toBeNull();
});

it('fine-tunes with batches that few labels fill, and leaves earlier figures of other settings alone', async () => {
  const library = temporaryFolder();
  const steps = ['--set', 'options.steps=5'];
  await cli(library, ['train', '--name', 'trained', ...steps]);
  const tune = (...more: string[]) =>
    cli(library, ['eval', 'finetune', 'trained', '--labels', '0.01', ...steps, ...more]);
  const few = ['--set', 'options.samples=5'];
  expect((await tune(...few)).code).toBe(0);
  expect((await tune(...few)).out.match(/Done already/g)).toHaveLength(2);
  expect((await tune(...few, '--epochs', '3')).out).not.toContain('Done already');
  expect((await tune(...few, '--set', 'batchSize=8')).err).toContain('5 images do not fill one batch');

  const host = await openHost(fakeRunner, 'read', library);
  const made = host.store.runs.list().map(({ id, name }) => {
    const { epochs, batchSize } = host.store.runs.get(id).config;
    return [name, epochs, batchSize];
  });
  host.close();
  expect(made.slice(0, 4)).toEqual([
    ['trained 2 scratch-0-01', 3, 4],
    ['trained 2 finetune-0-01', 3, 4],
    ['trained scratch-0-01', 30, 4],
    ['trained finetune-0-01', 30, 4],
  ]);
});

it('lists the experiments, and names the nearest where there is none of a name', async () => {
  const library = temporaryFolder();
  expect((await cli(library, ['experiment'])).out).toMatch(/fake-pair\n {2}With and without/);
  const { code, err } = await cli(library, ['experiment', 'run', 'fake-pear', '--data', 'sample']);
  expect(code).toBe(2);
  expect(err).toContain('Did you mean fake-pair?');
});

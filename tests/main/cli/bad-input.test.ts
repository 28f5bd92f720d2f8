import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { databasePath, openLibrary } from '../../../src/main/library';
import { cli, matching, temporaryFolder } from '../helpers';

describe('bad usage ends with 2 and says what to do', () => {
  it.each([
    ['an unknown command', ['trian'], /unknown command 'trian'[^]*Did you mean train\?/],
    ['an unknown option', ['train', '--lables', 'x'], /unknown option '--lables'/],
    ['an unknown preset', ['train', 'quik'], /There is no preset "quik"\.\nDid you mean quick\?/],
    ['an unknown preset to print', ['presets', 'quik'], /There is no preset "quik"\.\nDid you mean quick\?/],
    [
      'an unknown setting',
      ['train', '--set', 'optimiser=sgd'],
      /no setting "optimiser"\.\nDid you mean optimizer\?/,
    ],
    ['a value out of range', ['train', '--set', 'batchSize=0'], /batchSize is 0; it must be at least 1/],
    ['a setting without value', ['train', '--set', 'batchSize'], /must be key=value/],
    ['an unknown device', ['train', '--device', 'gpu'], /Allowed choices are auto, cpu, webgpu/],
    [
      'steps that are no number',
      ['train', '--max-steps', 'ten'],
      /--max-steps is "ten"; it must be a whole number/,
    ],
    ['a missing configuration', ['train', 'none.json'], /none\.json cannot be read/],
    ['frozen weights from nowhere', ['train', '--freeze-encoder'], /needs --from/],
    ['weights of no run', ['train', '--from', 'none'], /There is no run "none": the library has no runs/],
    ['a run that is not there', ['resume', 'none'], /There is no run "none"/],
    ['an empty name', ['train', '--name', ' '], /is empty/],
    ['a name with a meaning', ['train', '--name', 'last'], /stands for the newest run/],
    ['k of 0', ['eval', 'knn', 'last', '--k', '0'], /at least 1/],
    ['a missing option', ['embed', 'last', '--out', 'a.npy'], /required option '--data <folder>'/],
    [
      'a format that is not written',
      ['embed', 'last', '--data', '.', '--out', 'a.csv'],
      /\.parquet, \.npy or \.zip/,
    ],
    ['an image size out of range', ['data', 'check', '.', '--image-size', '4'], /from 8 to 512/],
  ])('%s', async (_what, args, message) => {
    const { code, err, out } = await cli(temporaryFolder(), args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('in JSON too, with --json', async () => {
    const command = await cli(temporaryFolder(), ['trian', '--json']);
    expect(command.terminal.lines()).toMatchObject([{ type: 'error', kind: 'usage' }]);
    const preset = await cli(temporaryFolder(), ['train', 'quik', '--json']);
    expect(preset.terminal.lines()).toMatchObject([
      { type: 'error', kind: 'usage', hint: 'Did you mean quick?' },
    ]);
  });

  it('a configuration that is not JSON', async () => {
    const file = join(temporaryFolder(), 'broken.json');
    writeFileSync(file, '{"method": ');
    expect(await cli(temporaryFolder(), ['train', file])).toMatchObject({
      code: 2,
      err: matching('is not JSON'),
    });
  });

  it('a name that is taken', async () => {
    const library = temporaryFolder();
    await cli(library, ['train', '--name', 'first']);
    expect(await cli(library, ['train', '--name', 'first'])).toMatchObject({
      code: 2,
      err: matching('is taken by run'),
    });
  });
});

describe('a library that cannot be used ends with 1', () => {
  it('in use by another process', async () => {
    const library = temporaryFolder();
    const owner = openLibrary(library, 'own');
    const { code, err } = await cli(library, ['train']);
    expect(code).toBe(1);
    expect(err).toMatch(/in use by process \d+ since \d{4}-.*\nWait for it, stop it/);
    owner.close();
  });

  it('made by a newer version', async () => {
    const library = temporaryFolder();
    openLibrary(library, 'own').close();
    const db = new Database(databasePath(library));
    db.pragma('user_version = 99');
    db.close();
    for (const args of [['train'], ['runs', 'list']]) {
      expect(await cli(library, args)).toMatchObject({
        code: 1,
        err: matching('newer Selvedge'),
      });
    }
  });
});

it('--help ends with 0 and names every command', async () => {
  const { code, out } = await cli(temporaryFolder(), ['--help']);
  expect(code).toBe(0);
  for (const command of [
    'presets',
    'train',
    'resume',
    'runs',
    'eval',
    'embed',
    'sets',
    'export',
    'data',
    'devices',
  ]) {
    expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  }
});

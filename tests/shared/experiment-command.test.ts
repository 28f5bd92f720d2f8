/** src/shared/experiment-command.ts and setting-pair.ts */
import { expect, test } from 'vitest';
import { experimentCommand } from '../../src/shared/experiment-command';
import { settingPair } from '../../src/shared/setting-pair';

const plain = { experiment: 'simclr', name: null, data: 'sample', labelled: null, settings: [] };

test('the command says only what is not understood by itself', () => {
  expect(experimentCommand(plain)).toBe('selvedge experiment run simclr --data sample');
  expect(experimentCommand({ ...plain, name: 'simclr' })).toBe(experimentCommand(plain));
});

test('names, paths and values with spaces and quotes stay whole', () => {
  const choice = {
    ...plain,
    name: 'second try',
    data: "/home/me/bird's nests",
    labelled: '/labelled',
    settings: ['epochs=2', 'backbone={"kind":"vit"}'],
  };
  expect(experimentCommand(choice)).toBe(
    `selvedge experiment run simclr --data '/home/me/bird'\\''s nests' --labelled /labelled ` +
      `--set epochs=2 --set 'backbone={"kind":"vit"}' --name 'second try'`,
  );
});

test('a setting is split at its first equals sign', () => {
  expect(settingPair('a.b=c=d')).toEqual(['a.b', 'c=d']);
  expect(settingPair('a = ')).toEqual(['a', ' ']);
  expect(settingPair('a')).toBeUndefined();
  expect(settingPair('=b')).toBeUndefined();
});

/** src/renderer/pages/experiments/names.ts */
import { expect, test } from 'vitest';
import { parseRoute } from '../../../src/renderer/lib/routes';
import { experimentPath, freeName, settingLines } from '../../../src/renderer/pages/experiments/names';

test('an experiment is called by its id, then with the first free number', () => {
  expect(freeName('simclr', ['other'])).toBe('simclr');
  expect(freeName('simclr', ['simclr', 'simclr-3'])).toBe('simclr-2');
  expect(freeName('simclr', ['simclr', 'simclr-2'])).toBe('simclr-3');
});

test('addresses are read back', () => {
  expect(parseRoute(experimentPath('simclr', 'two words & more'))).toEqual({
    page: 'experiments',
    id: 'simclr',
    query: { name: 'two words & more' },
  });
  expect(parseRoute(experimentPath('simclr')).query).toEqual({});
});

test('settings stand one a line', () => {
  expect(settingLines(' epochs=2 \n\n  pretrain.seed=3\n')).toEqual(['epochs=2', 'pretrain.seed=3']);
  expect(settingLines(' \n')).toEqual([]);
});

/** src/renderer/pages/settings/settings-page.ts and the glossary */
import { expect, test } from 'vitest';
import { glossary } from '../../../src/renderer/form/glossary';
import { deviceChoices, threadsProblem } from '../../../src/renderer/pages/settings/settings-page';

const device = (name: string, available: boolean, selected = false) => ({
  name,
  title: name,
  available,
  selected,
  reason: null,
  howToGet: null,
});

test('devices that do not work here say so, automatic says what it takes', () => {
  const titles = deviceChoices([device('cpu', true, true), device('cuda', false)]).map(({ title }) => title);
  expect(titles).toContain('Automatic (CPU here)');
  expect(titles).toContain('CUDA (not available here)');
  // Not tried yet: nothing is claimed.
  expect(titles).toContain('WebGPU');
  expect(deviceChoices([]).map(({ value }) => value)).toEqual([
    'auto',
    'cpu',
    'webgpu',
    'cuda',
    'directml',
    'coreml',
    'tensorflow',
  ]);
});

test.each([
  [0, null],
  [8, null],
  [9, 'This machine has 8 cores: more threads are slower'],
  [-1, 'Must be a whole number from 0 to 1024'],
  [1.5, 'Must be a whole number from 0 to 1024'],
  [undefined, 'Must be a whole number from 0 to 1024'],
])('%s threads on 8 cores: %s', (threads, problem) => {
  expect(threadsProblem(threads, 8)).toBe(problem);
});

test('every term is explained in one line', () => {
  for (const { name, meaning } of Object.values(glossary)) {
    expect(name).not.toBe('');
    expect(meaning.length).toBeLessThan(130);
    expect(meaning).toMatch(/\.$/);
  }
});

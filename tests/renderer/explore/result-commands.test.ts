/** src/renderer/pages/explore/neighbours/result-commands.ts */
import { beforeEach, expect, test, vi } from 'vitest';
import { toasts } from '../../../src/renderer/lib/toasts.svelte';
import { Explore } from '../../../src/renderer/pages/explore/explore.svelte';
import { resultCommands } from '../../../src/renderer/pages/explore/neighbours/result-commands';
import { exampleResult, exampleSet } from './examples';

const reveal = vi.hoisted(() => vi.fn());
vi.mock('../../../src/renderer/lib/host/client', () => ({
  host: { explorer: { sets: { reveal } } },
  problemOf: (error: unknown) => ({ message: String(error), hint: null }),
}));

const writeText = vi.fn((_text: string) => Promise.resolve());
beforeEach(() => {
  toasts.list = [];
  writeText.mockClear();
  vi.stubGlobal('navigator', { clipboard: { writeText } });
});

function command(id: 'reveal' | 'copy') {
  const source = { search: () => Promise.reject(new Error('not asked here')), problemOf: vi.fn() };
  const result = exampleResult('cat/1.png', { row: 7 });
  const set = exampleSet({ dataPath: '/data/pets' });
  return resultCommands(new Explore(source), result, set, () => {}).find((each) => each.id === id)!;
}

test('the file is shown in the file manager, by the name of its image', async () => {
  reveal.mockResolvedValue({ path: '/data/pets/cat/1.png', isShown: true });
  await command('reveal').run();
  expect(reveal).toHaveBeenCalledWith({ set: 'a', row: 7, name: 'cat/1.png' });
  expect([writeText.mock.calls.length, toasts.list.length]).toEqual([0, 0]);
});

test('where there is no file manager the path is copied, and that is said', async () => {
  reveal.mockResolvedValue({ path: '/data/pets/cat/1.png', isShown: false });
  await command('reveal').run();
  expect(writeText).toHaveBeenCalledWith('/data/pets/cat/1.png');
  expect(toasts.list.map(({ text }) => text)).toEqual([
    'There is no file manager here. Copied /data/pets/cat/1.png instead.',
  ]);
});

test('a clipboard that refuses leaves the path to be read', async () => {
  writeText.mockRejectedValueOnce(new Error('refused'));
  await command('copy').run();
  expect(toasts.list).toMatchObject([{ tone: 'error', hint: '/data/pets/cat/1.png' }]);
});

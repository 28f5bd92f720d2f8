/** src/main/app/drafts.ts and command-line.ts */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine, settingText } from '../../../src/main/app/command-line';
import { quote } from '../../../src/shared/shell-word';
import { sourceOfDraft, type DraftContext } from '../../../src/main/app/drafts';
import type { Draft } from '../../../src/shared/api/set-up';
import { fakeConfig } from '../helpers';

const draft: Draft = { base: { kind: 'preset', preset: 'quick' }, changes: {}, from: null, name: null };
const context: DraftContext = {
  settings: { device: 'auto', threads: 0 },
  configOf: () => fakeConfig(),
  configFileOf: (run) => `/library/runs/${run}/config.json`,
  weightsAt: (place) => `/my weights/${place}.safetensors`,
};
const lineOf = (change: Partial<Draft>, settings = context.settings) =>
  sourceOfDraft({ ...draft, ...change }, { ...context, settings }).commandLine;

test('a preset alone', () => {
  expect(lineOf({})).toBe('selvedge train quick');
  expect(sourceOfDraft(draft, context)).toMatchObject({
    source: { preset: 'quick', overrides: [] },
    weights: undefined,
  });
});

test('settings with a flag of their own use it, others are --set', () => {
  const changes = {
    'data.path': '/home/me/my birds',
    'data.labelled': '/home/me/labelled',
    seed: 7,
    maxSteps: 100,
    device: 'cpu',
    'optimizer.momentum': 0.95,
    'schedule.milestones': [10, 20],
    'data.subset': null,
  };
  expect(lineOf({ changes, name: "Ada's run" })).toBe(
    "selvedge train quick --data '/home/me/my birds' --labelled /home/me/labelled --seed 7 --max-steps 100 " +
      "--device cpu --set optimizer.momentum=0.95 --set 'schedule.milestones=[10,20]' --set data.subset=null " +
      "--name 'Ada'\\''s run'",
  );
  expect(sourceOfDraft({ ...draft, changes }, context).source.overrides).toContainEqual([
    'schedule.milestones',
    '[10,20]',
  ]);
});

test('a flag has no word for null', () => {
  expect(lineOf({ changes: { maxSteps: null, 'data.labelled': null } })).toBe(
    'selvedge train quick --set maxSteps=null --set data.labelled=null',
  );
});

test('weights to start from', () => {
  const from = { kind: 'run', run: 'simclr-1', checkpoint: 'best', freezeEncoder: true } as const;
  expect(lineOf({ from })).toBe('selvedge train quick --from simclr-1 --checkpoint best --freeze-encoder');
  expect(lineOf({ from: { ...from, checkpoint: 'last', freezeEncoder: false } })).toBe(
    'selvedge train quick --from simclr-1',
  );
  expect(sourceOfDraft({ ...draft, from }, context).weights).toEqual({
    reference: 'simclr-1',
    checkpoint: 'best',
    freezeEncoder: true,
  });
});

test('weights of a file: the path that its handle stands for', () => {
  const from = { kind: 'file', place: 'handle', freezeEncoder: true } as const;
  const reference = '/my weights/handle.safetensors';
  expect(lineOf({ from })).toBe(`selvedge train quick --from '${reference}' --freeze-encoder`);
  expect(lineOf({ from: { ...from, freezeEncoder: false } })).toBe(
    `selvedge train quick --from '${reference}'`,
  );
  expect(sourceOfDraft({ ...draft, from }, context).weights).toEqual({ reference, freezeEncoder: true });
});

test('a run that is duplicated begins with its configuration', () => {
  const base = { kind: 'run', run: 'simclr-1' } as const;
  expect(lineOf({ base, changes: { batchSize: 64 } })).toBe(
    'selvedge train /library/runs/simclr-1/config.json --set batchSize=64',
  );
  const { source } = sourceOfDraft({ ...draft, base }, context);
  expect(source).toEqual({ config: fakeConfig(), overrides: [] });
});

test('the device and threads of the settings hold where the draft does not say, and are in the line', () => {
  const settings = { device: 'webgpu', threads: 4 } as const;
  expect(lineOf({}, settings)).toBe('selvedge train quick --device webgpu --set threads=4');
  expect(lineOf({ changes: { device: 'cpu' } }, settings)).toBe(
    'selvedge train quick --device cpu --set threads=4',
  );
  expect(lineOf({ base: { kind: 'run', run: 'r' } }, settings)).toBe(
    'selvedge train /library/runs/r/config.json',
  );
});

test('text that looks like JSON stays text', () => {
  expect(settingText('sample')).toBe('sample');
  expect(settingText('12')).toBe('"12"');
  expect(settingText('true')).toBe('"true"');
  expect(settingText({ kind: 'vit' })).toBe('{"kind":"vit"}');
});

test.skipIf(process.platform === 'win32')('a shell reads back every word', () => {
  const words = ["it's", 'a b', '$HOME', '`x`', '"q"', 'a\\b', '*', '', 'ü'];
  const printed = execFileSync('sh', ['-c', `printf '%s\\n' ${words.map(quote).join(' ')}`], {
    encoding: 'utf8',
  });
  expect(printed.split('\n').slice(0, -1)).toEqual(words);
  expect(
    commandLine('quick', { changes: { 'data.path': '$(rm -rf)' }, weights: undefined, name: null }),
  ).toContain("'$(rm -rf)'");
});

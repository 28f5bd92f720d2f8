/** Fine-tuning a run through the API: its runs wait in the queue, are told apart, and are not made twice. */
import { expect, test } from 'vitest';
import { draftOf, refusalOf, served, untilTrue } from './support';

test('puts a run for each share into the queue, and from scratch beside it; the same again makes none', async () => {
  const { connect } = await served();
  const client = await connect();
  const { id: run, name } = await client.runs.create(draftOf({ steps: 5 }, 'birds'));
  await untilTrue(async () => (await client.runs.get({ run })).row.state === 'done');
  expect(await client.runs.fineTunings({ run })).toEqual([]);

  const ask = { run, checkpoint: 'last', shares: [0.1, 1], epochs: 3 };
  const [made, ...others] = await client.runs.fineTune(ask);
  expect(others).toEqual([]);
  expect(made).toMatchObject({ name, data: 'sample' });
  expect(made.runs.map(({ labelShare, isPretrained }) => [labelShare, isPretrained])).toEqual([
    [0.1, true],
    [0.1, false],
    [1, true],
    [1, false],
  ]);
  const details = () => Promise.all(made.runs.map((one) => client.runs.get({ run: one.run })));
  await untilTrue(async () => (await details()).every(({ row }) => row.state === 'done'));
  for (const [place, { row, config }] of (await details()).entries()) {
    expect(row.parent).toBe(place % 2 === 0 ? run : null);
    expect(config).toMatchObject({ epochs: 3, data: { labelShare: made.runs[place].labelShare } });
  }
  expect(await client.runs.fineTune(ask)).toEqual([made]);
  // It is no experiment of its own.
  expect(await client.experiments.list()).toEqual([]);

  const longer = await client.runs.fineTune({ ...ask, shares: [1], epochs: 4, baseline: false });
  expect(longer.map((one) => [one.name, one.runs.length])).toEqual([
    ['birds 2', 1],
    ['birds', 4],
  ]);
});

test('refuses shares that are none, and a run without weights', async () => {
  const { connect } = await served();
  const client = await connect();
  const { id: run } = await client.runs.create(draftOf({ steps: 5, behaviour: 'wait' }));
  const ask = { run, checkpoint: 'last', epochs: 3 };
  await expect(client.runs.fineTune({ ...ask, shares: [1.5] })).rejects.toThrow();
  expect(await refusalOf(client.runs.fineTune({ ...ask, shares: [1] }))).toMatchObject({
    message: expect.stringContaining('checkpoint') as string,
  });
  expect(await client.runs.fineTunings({ run })).toEqual([]);
});

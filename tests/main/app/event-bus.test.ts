/** src/main/app/event-bus.ts and curve-batches.ts */
import { expect, onTestFinished, test, vi } from 'vitest';
import { CurveBatches } from '../../../src/main/app/curve-batches';
import { EventBus } from '../../../src/main/app/event-bus';
import type { HostEvent, SequencedEvent } from '../../../src/shared/api/events';

const gone = (run: string): HostEvent => ({ type: 'run-deleted', run });
const load: Extract<HostEvent, { type: 'load' }> = {
  type: 'load',
  load: { time: 1, cpu: 0.5, memoryUsed: 1, memoryTotal: 2, child: null },
};

/** The events that are there now. */
async function take(
  stream: AsyncGenerator<SequencedEvent, void, void>,
  count: number,
): Promise<SequencedEvent[]> {
  const taken: SequencedEvent[] = [];
  while (taken.length < count) {
    const next = await stream.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
const types = (events: SequencedEvent[]) =>
  events.map(({ event }) => (event.type === 'run-deleted' ? event.run : event.type));

test('a subscriber gets what it missed, then what comes', async () => {
  const bus = new EventBus(undefined, 100);
  for (const run of ['a', 'b', 'c']) bus.publish(gone(run));
  const stream = bus.subscribe({ after: 101, load: false });
  expect(types(await take(stream, 2))).toEqual(['b', 'c']);
  const next = stream.next();
  bus.publish(gone('d'));
  expect((await next).value).toEqual({ seq: 104, event: gone('d') });
  await stream.return();
});

test('without a number it begins now', async () => {
  const bus = new EventBus(undefined, 0);
  bus.publish(gone('before'));
  const stream = bus.subscribe({ after: null, load: false });
  const next = stream.next();
  bus.publish(gone('after'));
  expect((await next).value).toEqual({ seq: 2, event: gone('after') });
});

test('a past that is lost is said, for numbers of this host and of another', async () => {
  const bus = new EventBus({ events: 2, bytes: 1e6 }, 10);
  for (const run of ['a', 'b', 'c', 'd']) bus.publish(gone(run));
  for (const after of [0, 11, 99]) {
    const stream = bus.subscribe({ after, load: false });
    expect(await take(stream, 1)).toEqual([{ seq: 14, event: { type: 'reset' } }]);
    await stream.return();
  }
  expect(types(await take(bus.subscribe({ after: 12, load: false }), 2))).toEqual(['c', 'd']);
});

test('numbers of a later host begin after all of an earlier one', () => {
  const first = new EventBus();
  for (let i = 0; i < 5000; i++) first.publish(gone('x'));
  vi.useFakeTimers({ now: Date.now() + 1000, toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  expect(new EventBus().seq).toBeGreaterThan(first.seq);
});

test('what is kept is bounded by bytes as well', async () => {
  const bus = new EventBus({ events: 1000, bytes: 5000 }, 0);
  for (let i = 0; i < 100; i++) bus.publish(gone('x'.repeat(1000)));
  expect(types(await take(bus.subscribe({ after: 1, load: false }), 1))).toEqual(['reset']);
  const kept = await take(bus.subscribe({ after: 97, load: false }), 3);
  expect(kept.map(({ seq }) => seq)).toEqual([98, 99, 100]);
});

test('a slow subscriber holds nothing, and is told when it fell behind', async () => {
  const bus = new EventBus({ events: 10, bytes: 1e6 }, 0);
  const stream = bus.subscribe({ after: 0, load: false });
  bus.publish(gone('0'));
  await take(stream, 1);
  for (let i = 1; i <= 50; i++) bus.publish(gone(String(i)));
  expect(types(await take(stream, 1))).toEqual(['reset']);
  bus.publish(gone('new'));
  expect(types(await take(stream, 1))).toEqual(['new']);
});

test('load is told to who asked, once, and is not kept', async () => {
  const bus = new EventBus(undefined, 0);
  const [with_, without] = [true, false].map((load) => bus.subscribe({ after: null, load }));
  const first = [with_.next(), without.next()];
  bus.publishLoad(load);
  bus.publishLoad(load);
  bus.publish(gone('a'));
  expect((await first[1]).value).toEqual({ seq: 1, event: gone('a') });
  expect(types([(await first[0]).value!])).toEqual(['a']);
  expect(types(await take(with_, 1))).toEqual(['load']);
  expect(bus.seq).toBe(1);
});

test('a signal and the end of the host end a subscription', async () => {
  const bus = new EventBus();
  const controller = new AbortController();
  const [one, two] = [controller.signal, undefined].map((signal) =>
    bus.subscribe({ after: null, load: false, signal }),
  );
  const ends = [one.next(), two.next()];
  expect(bus.subscribers).toBe(2);
  controller.abort();
  expect((await ends[0]).done).toBe(true);
  expect(bus.subscribers).toBe(1);
  bus.close();
  expect((await ends[1]).done).toBe(true);
  expect(bus.subscribers).toBe(0);
});

test('points are gathered column by column, at most ten times a second', async () => {
  const sent: { at: number; steps: number }[] = [];
  const batches = new CurveBatches((curves) => {
    expect(curves.map(({ name }) => name)).toEqual(['loss', 'knn']);
    expect(curves[0].values).toEqual(curves[0].steps.map((step) => (step % 2 ? null : 1)));
    sent.push({ at: performance.now(), steps: curves[0].steps.length });
  });
  for (let step = 0; step < 60; step++) {
    batches.add([
      { name: 'loss', step, epoch: 0, time: 0, value: step % 2 ? NaN : 1 },
      { name: 'knn', step, epoch: 0, time: 0, value: 0 },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  batches.flush();
  expect(sent.reduce((sum, { steps }) => sum + steps, 0)).toBe(60);
  for (let i = 1; i < sent.length - 1; i++) expect(sent[i].at - sent[i - 1].at).toBeGreaterThan(90);
});

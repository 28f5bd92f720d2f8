/** src/renderer/lib/poll.ts */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { poll } from '../../src/renderer/lib/poll';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('asks at once, then again after each answer, through errors, until stopped', async () => {
  const answers: number[] = [];
  const errors: unknown[] = [];
  let turn = 0;
  const ask = () => {
    turn++;
    return turn === 2 ? Promise.reject(new Error('gone')) : Promise.resolve(turn);
  };
  const stop = poll(
    ask,
    100,
    (answer) => answers.push(answer),
    (error) => errors.push(error),
  );
  await vi.advanceTimersByTimeAsync(250);
  expect(answers).toEqual([1, 3]);
  expect(errors).toEqual([new Error('gone')]);
  stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(turn).toBe(3);
});

test('an answer that comes after the stop is dropped', async () => {
  const seen = vi.fn();
  let answer: (value: string) => void = () => undefined;
  const stop = poll(() => new Promise<string>((resolve) => (answer = resolve)), 100, seen, seen);
  stop();
  answer('late');
  await vi.advanceTimersByTimeAsync(500);
  expect(seen).not.toHaveBeenCalled();
});

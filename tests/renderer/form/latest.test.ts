/** src/renderer/form/latest.ts */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Latest } from '../../../src/renderer/form/latest';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Questions wait until the test answers them. */
function setUp(delay = 100) {
  const asked: {
    question: string;
    signal: AbortSignal;
    answer: (text: string) => void;
    fail: (e: Error) => void;
  }[] = [];
  const answers: string[] = [];
  const errors: unknown[] = [];
  const pending: (string | null)[] = [];
  const latest = new Latest<string, string>({
    delay,
    ask: (question, signal) => new Promise((answer, fail) => asked.push({ question, signal, answer, fail })),
    onAnswer: (answer, question) => answers.push(`${question}: ${answer}`),
    onError: (error) => errors.push(error),
    onPending: (state) => pending.push(state),
  });
  return { latest, asked, answers, errors, pending };
}

test('only the last of a burst is asked', async () => {
  const { latest, asked, answers, pending } = setUp();
  latest.ask('a');
  await vi.advanceTimersByTimeAsync(50);
  latest.ask('b');
  await vi.advanceTimersByTimeAsync(99);
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  asked[0].answer('yes');
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual(['b: yes']);
  expect(pending).toEqual(['waiting', 'waiting', 'asking', null]);
});

test('an older answer never comes after a newer question', async () => {
  const { latest, asked, answers } = setUp();
  latest.askNow('old');
  latest.askNow('new');
  expect(asked[0].signal.aborted).toBe(true);
  asked[1].answer('2');
  asked[0].answer('1');
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual(['new: 2']);
});

test('an error of an older question is not told either', async () => {
  const { latest, asked, answers, errors } = setUp();
  latest.askNow('old');
  latest.askNow('new');
  asked[0].fail(new Error('aborted'));
  asked[1].fail(new Error('refused'));
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual([]);
  expect(errors).toEqual([new Error('refused')]);
});

test('cancelled, it is silent', async () => {
  const { latest, asked, answers, pending } = setUp();
  latest.askNow('a');
  latest.cancel();
  asked[0].answer('late');
  await vi.advanceTimersByTimeAsync(500);
  expect(answers).toEqual([]);
  expect(pending).toEqual(['asking', null]);
});

/** src/renderer/lib/host/problem.ts */
import { ORPCError } from '@orpc/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fetchFromHost, HostError, problemOf, toHostError } from '../../../src/renderer/lib/host/problem';

describe('what a call comes back with', () => {
  test('a refusal keeps its sentence and its hint', () => {
    const refusal = new ORPCError('REFUSED', {
      message: 'No such run.',
      data: { hint: 'Look at the list.' },
    });
    expect(problemOf(toHostError(refusal))).toEqual({ message: 'No such run.', hint: 'Look at the list.' });
  });

  test('a bad input says which part of it', () => {
    const data = { issues: [{ path: ['tags', 0], message: 'Too long' }] };
    const { hint } = problemOf(toHostError(new ORPCError('BAD_REQUEST', { data })));
    expect(hint).toBe('tags.0: Too long');
  });

  test('an error that nobody expected points at the log', () => {
    const { message, hint } = problemOf(toHostError(new ORPCError('INTERNAL_SERVER_ERROR')));
    expect(message).toMatch(/did not expect/);
    expect(hint).toMatch(/log/);
  });

  test('anything else is a lost connection', () => {
    expect(problemOf(toHostError(new Error('socket closed'))).message).toMatch(/connection .* lost/);
  });

  test('an abort stays one', () => {
    const abort = new DOMException('no longer wanted', 'AbortError');
    expect(toHostError(abort)).toBe(abort);
  });
});

describe('fetching', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const answer = (response: () => Promise<Response>) => vi.stubGlobal('fetch', response);

  test("a refusal is the host's own sentence", async () => {
    answer(async () => Response.json({ message: 'size is too large.', hint: null }, { status: 400 }));
    await expect(fetchFromHost('/x')).rejects.toThrow(new HostError('size is too large.', null));
  });

  test('an answer that is no JSON says its status', async () => {
    answer(async () => new Response('<html>', { status: 502 }));
    await expect(fetchFromHost('/x')).rejects.toThrow('502');
  });

  test('a host that is away is said', async () => {
    answer(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(fetchFromHost('/x')).rejects.toThrow('does not answer');
  });
});

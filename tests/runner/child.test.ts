import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { BadCheckpoint } from '../../src/runner/bad-checkpoint';
import { Channel } from '../../src/runner/channel';
import { serve, type Host } from '../../src/runner/child';
import { breathe, type Jobs, type RunJob } from '../../src/runner/job';
import { UserError } from '../../src/shared/errors';
import { PROTOCOL_VERSION, runnerMessageSchema, type RunnerMessage } from '../../src/shared/protocol';

class FakeHost extends EventEmitter implements Host {
  readonly pid = 1;
  connected = true;
  readonly sent: RunnerMessage[] = [];
  readonly ended: Promise<number>;
  private resolve!: (code: number) => void;
  constructor() {
    super();
    this.ended = new Promise((resolve) => (this.resolve = resolve));
  }
  send(message: unknown, callback: () => void) {
    this.sent.push(runnerMessageSchema.parse(message));
    setImmediate(callback);
  }
  exit(code: number) {
    this.resolve(code);
  }
  say(message: object) {
    this.emit('message', { version: PROTOCOL_VERSION, ...message });
  }
  get last() {
    return this.sent.filter(({ type }) => type !== 'heartbeat').at(-1);
  }
}

/** A host whose only job is `describe`, done by `run`. */
function hosting(run: RunJob<'describe'>): FakeHost {
  const host = new FakeHost();
  serve(host, { describe: () => Promise.resolve(run) } as unknown as Jobs);
  return host;
}
const start = { type: 'start', job: { kind: 'describe' } };

describe('serve', () => {
  it('says it is ready, does the job, answers and ends', async () => {
    const host = hosting((_, { channel }) => {
      channel.metrics([{ name: 'loss', step: 1, epoch: 0, time: 1, value: NaN }]);
      channel.metrics([{ name: 'loss', step: 2, epoch: 0, time: 2, value: 1 }]);
      return Promise.resolve({ answer: 42 });
    });
    host.say(start);
    expect(await host.ended).toBe(0);
    expect(host.sent.map(({ type }) => type)).toEqual(['ready', 'metrics', 'metrics', 'result']);
    expect(host.last).toMatchObject({ value: { answer: 42 } });
  });

  it.each(['stop message', 'SIGTERM', 'disconnect'])('ends a job by %s', async (how) => {
    const host = hosting(async (_, context) => {
      for (;;) await breathe(context);
    });
    host.say(start);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (how === 'stop message') host.say({ type: 'stop' });
    else host.emit(how);
    expect(await host.ended).toBe(1);
    expect(host.last).toMatchObject({ type: 'failed', kind: 'failed' });
  });

  it.each(['SIGTERM', 'disconnect'])('ends at once by %s before it was given a job', async (how) => {
    const host = hosting(() => Promise.reject(new Error('this job was never started')));
    host.emit(how);
    expect(await host.ended).toBe(0);
    expect(host.sent.map(({ type }) => type)).toEqual(['ready']);
  });

  it('is not ended by the terminal: that is for the host to decide', async () => {
    const host = hosting(() => new Promise((resolve) => setTimeout(() => resolve('done'), 20)));
    host.say(start);
    host.emit('SIGINT');
    expect(await host.ended).toBe(0);
  });

  it('tells a mistake of the user from a bug, and a bad checkpoint from both', async () => {
    const failure = async (error: Error) => {
      const host = hosting(() => Promise.reject(error));
      host.say(start);
      expect(await host.ended).toBe(1);
      return host.last;
    };
    expect(await failure(new UserError('No such preset', 'Try quick.', 'usage'))).toMatchObject({
      kind: 'usage',
      hint: 'Try quick.',
      stack: null,
    });
    expect(await failure(new TypeError('x is undefined'))).toMatchObject({
      kind: 'bug',
      stack: expect.stringContaining('child.test.ts') as unknown,
    });
    expect(await failure(new BadCheckpoint('truncated'))).toMatchObject({
      kind: 'failed',
      code: 'bad-checkpoint',
    });
  });

  it('refuses a message of another version', async () => {
    const host = hosting(() => Promise.resolve(1));
    host.emit('message', { version: PROTOCOL_VERSION + 1, ...start });
    expect(await host.ended).toBe(1);
    expect(host.last).toMatchObject({ type: 'failed', kind: 'bug' });
  });

  it('reports an error nobody caught', async () => {
    const host = hosting(() => new Promise(() => undefined));
    host.say(start);
    host.emit('uncaughtException', new Error('in a timer'));
    expect(await host.ended).toBe(1);
    expect(host.last).toMatchObject({ type: 'failed', kind: 'bug', message: 'in a timer' });
  });

  it('hands on what comes while the job works: pauses and requests', async () => {
    const seen: unknown[] = [];
    const host = hosting(async (_, { gate, inbox, channel, signal }) => {
      await inbox.wait(signal);
      seen.push(await gate.pass(channel, signal), ...inbox.letters);
    });
    host.say(start);
    host.say({ type: 'pause' });
    host.say({ type: 'request', id: 1, request: { any: 'thing' } });
    host.say({ type: 'request', id: 2, request: Uint8Array.of(1, 2) });
    host.say({ type: 'cancel', id: 1 });
    await vi.waitFor(() => expect(host.last).toMatchObject({ type: 'paused' }));
    host.say({ type: 'unpause' });
    expect(await host.ended).toBe(0);
    expect(seen).toEqual([true, { id: 2, request: Uint8Array.of(1, 2) }]);
  });

  it('says in its heartbeats how much memory and processor time it takes', () => {
    const said: RunnerMessage[] = [];
    new Channel((message) => said.push(message)).heartbeat();
    expect(said).toMatchObject([{ type: 'heartbeat' }]);
    const [{ rssBytes, cpuSeconds }] = said as Extract<RunnerMessage, { type: 'heartbeat' }>[];
    expect(rssBytes).toBeGreaterThan(1e7);
    expect(cpuSeconds).toBeCloseTo(process.cpuUsage().user / 1e6, 0);
  });
});

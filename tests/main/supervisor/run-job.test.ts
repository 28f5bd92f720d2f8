import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { JobProcess } from '../../../src/main/supervisor/job-process';
import { runJob } from '../../../src/main/supervisor/run-job';
import type { Job } from '../../../src/shared/protocol';
import { fakeConfig, fakeRunner, matching, temporaryFolder } from '../helpers';

const trainJob = (behaviour: string): Job => {
  const folder = temporaryFolder();
  return {
    kind: 'train',
    runId: 'run',
    runDirectory: folder,
    cacheDirectory: join(folder, 'cache'),
    config: fakeConfig({ behaviour, delay: 0 }),
    continueFrom: null,
  };
};

describe('runJob', () => {
  it('answers what the child answers', async () => {
    const value = await runJob(
      fakeRunner,
      { kind: 'describe' },
      z.looseObject({ presets: z.array(z.unknown()) }),
    );
    expect(value.presets).toHaveLength(1);
  });

  it('throws what the child says is wrong, with its hint and kind', async () => {
    const job: Job = { kind: 'resolve', source: { preset: 'quik', overrides: [] } };
    await expect(runJob(fakeRunner, job, z.unknown())).rejects.toMatchObject({
      name: 'UserError',
      message: 'There is no preset "quik".',
      hint: 'Did you mean quick?',
      kind: 'usage',
    });
  });

  it('says that a runner is missing', async () => {
    const runner = { ...fakeRunner, script: '/nowhere/runner.js' };
    await expect(runJob(runner, { kind: 'describe' }, z.unknown())).rejects.toThrow(
      /exit code 1 .*Cannot find module/,
    );
    const noNode = { ...fakeRunner, execPath: '/nowhere/node' };
    await expect(runJob(noNode, { kind: 'describe' }, z.unknown())).rejects.toThrow(/could not be started/);
  });

  it('ends the child when its signal is aborted', async () => {
    const controller = new AbortController();
    const running = runJob(fakeRunner, trainJob('wait'), z.unknown(), {
      signal: controller.signal,
      onMessage: ({ type }) => type === 'heartbeat' && controller.abort(),
    });
    await expect(running).resolves.toMatchObject({ stopped: true });
    const early = runJob(fakeRunner, { kind: 'describe' }, z.unknown(), { signal: AbortSignal.abort() });
    await expect(early).rejects.toThrow(/Stopped/);
  });
});

describe('JobProcess', () => {
  it.each([
    ['crash', /SIGSEGV.*about to crash/, { exitSignal: 'SIGSEGV' }],
    ['exit', /exit code 7.*fatal: no reason/, { exitCode: 7 }],
    ['hang', /said nothing for \d+ s while training/, { exitSignal: 'SIGTERM' }],
    ['stubborn', /said nothing/, { exitSignal: 'SIGKILL' }],
    ['garbage', /not in the protocol/, {}],
    ['version', /speaks protocol 99, this program speaks 2/, {}],
  ])('reports a child that ends by: %s', async (behaviour, message, end) => {
    const job = await new JobProcess(fakeRunner, trainJob(behaviour)).ended;
    expect(job).toMatchObject({ ...end, stopped: false, outcome: { kind: 'lost' } });
    expect(job.outcome).toMatchObject({ message: matching(message) });
    expect(job.output).toContain('fake runner starts');
  });

  it('kills a child that does not stop when asked, step by step', async () => {
    const runner = {
      ...fakeRunner,
      patience: { steady: 60_000, generous: 60_000 },
      grace: { stop: 100, terminate: 100 },
    };
    const child = new JobProcess(runner, trainJob('stubborn'), {
      onMessage: (message) =>
        message.type === 'progress' && message.done === 12 && setTimeout(() => child.stop(), 50),
    });
    expect(await child.ended).toMatchObject({
      exitSignal: 'SIGKILL',
      stopped: true,
      outcome: { kind: 'lost' },
    });
  });

  it('keeps the answer of a child that does not go away', async () => {
    const job = await new JobProcess(fakeRunner, trainJob('unanswered')).ended;
    expect(job).toMatchObject({ outcome: { kind: 'answered', value: 'nonsense' }, exitSignal: 'SIGKILL' });
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import type { Runner } from '../../../src/main/supervisor/job-process';
import { ServiceProcess, Superseded } from '../../../src/main/supervisor/service';
import { studioRequests, type StudioRequests } from '../../../src/shared/studio';
import { fakeConfig, fakeRunner, temporaryFolder } from '../helpers';

function service(runner: Runner = fakeRunner): ServiceProcess<StudioRequests> {
  const job = { kind: 'studio', cacheDirectory: temporaryFolder() } as const;
  const started = new ServiceProcess(runner, job, studioRequests);
  onTestFinished(async () => {
    started.stop();
    await started.ended;
  });
  return started;
}

const thumbnail = (path: string) => ({ path, index: 0, size: 96 });

describe('a service', () => {
  it('answers calls, also those made before it listens, and pictures come as bytes', async () => {
    const studio = service();
    const [catalogue, { jpeg }] = await Promise.all([
      studio.call('catalogue', {}),
      studio.call('thumbnail', thumbnail('sample')),
    ]);
    expect(catalogue.presets).toMatchObject([{ id: 'quick' }]);
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    const views = await studio.call('views', { config: fakeConfig(), count: 3, round: 0 });
    expect(views.images).toHaveLength(3);
    expect(views.images[0].original).toBeInstanceOf(Uint8Array);
  });

  it('gives what is wrong with settings as issues', async () => {
    const source = { preset: 'quick', overrides: [['optimiser', '1'] as [string, string]] };
    expect(await service().call('resolve', { source })).toMatchObject({
      config: null,
      issues: [{ path: 'optimiser', hint: 'Did you mean optimizer?' }],
    });
  });

  it('throws what the child refuses, and goes on', async () => {
    const studio = service();
    await expect(studio.call('thumbnail', thumbnail('/nowhere'))).rejects.toMatchObject({
      name: 'UserError',
      message: 'There is no folder or file at /nowhere.',
      hint: 'Check the spelling.',
    });
    await expect(studio.call('thumbnail', thumbnail('superseded'))).rejects.toBeInstanceOf(Superseded);
    await expect(studio.call('thumbnail', thumbnail('nonsense'))).rejects.toThrow('not in the protocol');
    expect(await studio.call('forget', { path: 'sample' })).toBeNull();
  });

  it('rejects all that waits where the child is lost, and what is asked later', async () => {
    const studio = service();
    const slow = studio.call('thumbnail', thumbnail('slow'));
    const crash = studio.call('thumbnail', thumbnail('crash'));
    const lost = { name: 'UserError', message: expect.stringContaining('exit code 9') as unknown };
    await expect(crash).rejects.toMatchObject(lost);
    await expect(slow).rejects.toMatchObject(lost);
    await expect(studio.call('catalogue', {})).rejects.toMatchObject(lost);
    expect(await studio.ended).toMatchObject({ exitCode: 9, stopped: false });
  });

  it('forgets a call whose signal is aborted', async () => {
    const studio = service();
    const controller = new AbortController();
    const slow = studio.call('thumbnail', thumbnail('slow'), controller.signal);
    controller.abort(new Error('scrolled away'));
    await expect(slow).rejects.toThrow('scrolled away');
    await expect(studio.call('catalogue', {}, controller.signal)).rejects.toThrow('scrolled away');
    await studio.call('catalogue', {});
  });

  it('ends when it is stopped, and says so to those who wait', async () => {
    const studio = service();
    await studio.call('catalogue', {});
    const slow = studio.call('thumbnail', thumbnail('slow'));
    studio.stop();
    await expect(slow).rejects.toThrow('was ended');
    expect(await studio.ended).toMatchObject({ stopped: true });
  });
});

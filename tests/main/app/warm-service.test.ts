/** src/main/app/warm-service.ts */
import { expect, it } from 'vitest';
import { WarmService } from '../../../src/main/app/warm-service';
import type { Runner } from '../../../src/main/supervisor/job-process';
import { studioRequests } from '../../../src/shared/studio';
import { fakeRunner, temporaryFolder } from '../helpers';

/** Counts the children that it starts. */
function counting(): { runner: Runner; started: () => number } {
  let children = 0;
  const runner = Object.defineProperty({ ...fakeRunner }, 'script', {
    get: () => (children++, fakeRunner.script),
  });
  return { runner, started: () => children };
}

it('starts no child any more once it is closed', async () => {
  const { runner, started } = counting();
  const service = new WarmService(
    runner,
    { kind: 'studio', cacheDirectory: temporaryFolder() },
    studioRequests,
  );
  await service.call('catalogue', {});
  const before = started();
  expect(before).toBeGreaterThan(0);
  await service.close();
  await expect(service.call('catalogue', {})).rejects.toThrow('Selvedge is closing');
  service.warm();
  expect(started()).toBe(before);
});

/** The child that answers while a run is set up. */
import { studioRequests, type StudioRequests } from '../../shared/studio';
import type { Runner } from '../supervisor/job-process';
import { WarmService } from './warm-service';

export class Studio extends WarmService<StudioRequests> {
  /** @param cacheDirectory where decoded images are kept. */
  constructor(runner: Runner, cacheDirectory: string) {
    super(runner, { kind: 'studio', cacheDirectory }, studioRequests);
  }

  /** The path of an image inside of its data. @throws UserError where there is none of this number. */
  async nameOf(path: string, index: number): Promise<string> {
    return (await this.call('name', { path, index })).name;
  }

  /** Tells the child, where there is one, that a folder has changed or is of no interest any more. */
  forget(path: string): void {
    this.tell('forget', { path });
  }
}

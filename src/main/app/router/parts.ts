/** The parts of an app that its procedures work with, and the implementer that all of them are made of. */
import { implement } from '@orpc/server';
import { contract } from '../../../shared/api/contract';
import type { HostInfo } from '../../../shared/api/host';
import type { RunRow } from '../../../shared/api/run-rows';
import type { DataSets } from '../data-sets';
import type { Deletion } from '../deletion';
import type { EmbeddingSets } from '../embedding-sets';
import { toAnswer } from '../errors';
import type { EventBus } from '../event-bus';
import type { Experiments } from '../experiments';
import type { Exports } from '../exports';
import type { Folders } from '../folders';
import type { LoadSampler } from '../load';
import type { OpenLibrary } from '../open-library';
import type { Pictures } from '../pictures';
import type { Places } from '../places';
import type { Queue } from '../queue';
import type { RunRows } from '../run-rows';
import type { Search } from '../search';
import type { SetUp } from '../set-up';
import type { Studio } from '../studio';

export interface Parts {
  library: OpenLibrary;
  bus: EventBus;
  queue: Queue;
  rows: RunRows;
  studio: Studio;
  setUp: SetUp;
  pictures: Pictures;
  dataSets: DataSets;
  sets: EmbeddingSets;
  search: Search;
  places: Places;
  folders: Folders;
  experiments: Experiments;
  exports: Exports;
  deletion: Deletion;
  load: LoadSampler;
  /** Shows a file in the file manager; null where the shell has none. */
  reveal: ((path: string) => void) | null;
  info(): HostInfo;
  /** Tells the row to all windows. @returns it. */
  tellRow(run: string): RunRow;
  /** Tries to own the library, and takes up what waits in it. */
  claim(): Promise<void>;
}

/** Every procedure begins here: what it throws is turned into what a window may know. */
export const os = implement(contract).use(async ({ next, path }) => {
  try {
    return await next();
  } catch (error) {
    throw toAnswer(error, path.join('.'));
  }
});

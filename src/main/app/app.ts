/**
 * The app: an open library with everything that windows can see and do. Both shells mount it: its procedures on a
 * MessagePort or WebSockets, its fetch handler on app:// or HTTP.
 */
import { availableParallelism, totalmem } from 'node:os';
import { resolve } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Place } from '../../shared/api/datasets';
import type { SequencedEvent } from '../../shared/api/events';
import type { HostInfo } from '../../shared/api/host';
import type { RunRow } from '../../shared/api/run-rows';
import { picturesOf } from '../run-pictures';
import { cacheFolder } from '../library';
import type { Runner } from '../supervisor/job-process';
import { DataSets } from './data-sets';
import { Deletion } from './deletion';
import { EmbeddingSets } from './embedding-sets';
import { EventBus } from './event-bus';
import { Experiments } from './experiments';
import { Exports } from './exports';
import { createFetch } from './fetch';
import { Folders, openRoots } from './folders';
import { LiveRun } from './live-run';
import { LoadSampler, type ChildLoad } from './load';
import { OpenLibrary } from './open-library';
import { Pictures } from './pictures';
import { Places } from './places';
import { Queue } from './queue';
import { createRouter, type AppRouter } from './router';
import { checkpointsOf, evaluationsOf } from './run-detail';
import { RunRows } from './run-rows';
import { Search } from './search';
import { SetUp } from './set-up';
import { Studio } from './studio';
import { Watcher } from './watcher';

export interface AppOptions {
  runner: Runner;
  /** The library folder. */
  library: string;
  shell: HostInfo['shell'];
  /** Folders that the folder picker may show. */
  roots: readonly string[];
  /** Folder of the built renderer. */
  pages: string;
  /** Shows a file in the file manager, where there is a desktop. */
  reveal?: (path: string) => void;
}

export interface App {
  readonly router: AppRouter;
  /** Pages, pictures, arrays and exports. Who asks was checked before. */
  fetch(request: Request): Promise<Response>;
  /** Runs in training in this process. */
  liveRuns(): RunRow[];
  /** Calls `listener` with each event as it happens. @returns a function that ends it. */
  on(listener: (event: SequencedEvent) => void): () => void;
  /** Ends what trains, with a checkpoint; what waits in the queue stays there. @returns when all has ended. */
  stopAll(): Promise<void>;
  /** Ends what trains at once. */
  killAll(): void;
  /** A handle for a path that the user chose: in a native dialog, or by dropping it. */
  registerPlace(path: string): Place;
  /** Gives the library back, once what trains has stopped with a checkpoint. */
  close(): Promise<void>;
}

/** Until the first page is likely drawn, nothing that could wait takes its processor, milliseconds. */
const FIRST_PAGE = 1500;

/**
 * Owns the library, or reads it while another process does.
 * @throws UserError where the library can be had in neither way, or a root cannot be listed.
 */
export async function openApp(options: AppOptions): Promise<App> {
  const { runner, pages } = options;
  const roots = openRoots(options.roots);
  const library = await OpenLibrary.open(runner, options.library);
  const bus = new EventBus();
  const places = new Places();

  const tellRow = (run: string): RunRow => {
    const row = rows.get(run);
    bus.publish({ type: 'run', row });
    return row;
  };
  const info = (): HostInfo => ({
    version: packageJson.version,
    library: library.folder,
    writable: library.writable,
    readOnlyReason: library.readOnlyReason,
    shell: options.shell,
    platform: process.platform,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    queueHeld: queue.held,
  });
  const tellHost = () => bus.publish({ type: 'host', host: info() });

  const queue = new Queue({
    library,
    rowChanged: (run) => attempt(() => tellRow(run)),
    hostChanged: tellHost,
    live: (run) => {
      attempt(() => dataSets.makeWay(rows.get(run).data));
      return new LiveRun(run, {
        publish: (event) => bus.publish(event),
        rowChanged: () => attempt(() => tellRow(run)),
        checkpointsChanged: () =>
          attempt(() =>
            bus.publish({ type: 'checkpoints', run, checkpoints: checkpointsOf(library.host, run) }),
          ),
        picturesChanged: () =>
          attempt(() =>
            bus.publish({ type: 'pictures', run, pictures: picturesOf(library.host.library.folder, run) }),
          ),
        evaluated: () =>
          attempt(() => {
            const evaluation = evaluationsOf(library.host, run).at(-1);
            if (evaluation) bus.publish({ type: 'evaluation', run, evaluation });
          }),
      });
    },
    ended: (run) => {
      experiments.ended(run);
      attempt(() => dataSets.checkUnchecked());
    },
  });
  const rows = new RunRows(library, queue);
  const studio = new Studio(runner, cacheFolder(library.folder));
  const pictures = new Pictures(studio);
  const dataSets = new DataSets({
    library,
    publish: (event) => bus.publish(event),
    changed: (path) => {
      pictures.forget(path);
      search.dataChanged(path);
    },
  });
  const sets = new EmbeddingSets({ library, publish: (event) => bus.publish(event) });
  const search = new Search(runner, library, sets, (path, index) => studio.nameOf(path, index));
  sets.onRowsChanged((set) => search.rowsChanged(set));
  const setUp = new SetUp({
    library,
    studio,
    pictures,
    places,
    isTraining: () => queue.training !== null,
  });
  const experiments = new Experiments({
    library,
    queue,
    rows,
    askCatalogue: () => studio.call('experiments', {}),
    publish: (event) => bus.publish(event),
    runCreated: (data) => dataSets.countChanged(data),
  });
  bus.listen(({ event }) => attempt(() => experiments.hear(event)));
  const exports = new Exports();
  const deletion = new Deletion(library);
  const load = new LoadSampler(
    () => childLoad(queue),
    (sample) => bus.publishLoad({ type: 'load', load: sample }),
  );
  const watcher = new Watcher({
    library,
    rows,
    isWatched: () => bus.subscribers > 0,
    publish: (event) => bus.publish(event),
  });

  /** Takes up what waits in a library that is owned now; else follows what its owner does. */
  const takeUp = () => {
    if (library.writable) {
      watcher.stop();
      queue.load();
      deletion.load();
    } else {
      watcher.start();
    }
  };
  const claim = async () => {
    if (!(await library.claim())) return;
    takeUp();
    dataSets.checkUnchecked();
    tellHost();
    // Runs that the former owner left may be interrupted now, or queued.
    bus.publish({ type: 'reset' });
  };

  const router = createRouter({
    library,
    bus,
    queue,
    rows,
    studio,
    setUp,
    pictures,
    dataSets,
    sets,
    search,
    reveal: options.reveal ?? null,
    places,
    folders: new Folders(roots, places),
    experiments,
    exports,
    deletion,
    load,
    info,
    tellRow,
    claim,
  });
  let closing: Promise<void> | undefined;
  const close = async () => {
    clearTimeout(later);
    watcher.stop();
    load.close();
    setUp.close();
    await Promise.all([
      experiments.rest(),
      queue.halt(),
      dataSets.close(),
      sets.close(),
      search.close(),
      studio.close(),
    ]);
    deletion.close();
    bus.close();
    library.close();
  };
  try {
    takeUp();
  } catch (error) {
    library.close();
    throw error;
  }
  const later = setTimeout(() => {
    studio.warm();
    attempt(() => dataSets.checkUnchecked());
  }, FIRST_PAGE);

  return {
    router,
    fetch: createFetch({ library, bus, rows, pictures, dataSets, sets, search, exports, pages }),
    liveRuns: () => (queue.training ? [rows.get(queue.training.run)] : []),
    on: (listener) => bus.listen(listener),
    stopAll: async () => {
      await Promise.all([experiments.rest(), queue.halt()]);
    },
    killAll: () => queue.kill(),
    registerPlace: (path) => places.give(resolve(path)),
    close: () => (closing ??= close()),
  };
}

/** For what nobody waits for: a library that cannot be read just now must not end the host and the training. */
function attempt(tell: () => unknown): void {
  try {
    tell();
  } catch (error) {
    console.error(error);
  }
}

function childLoad({ training }: Queue): ChildLoad | null {
  const heartbeat = training?.live.heartbeat;
  return training && heartbeat ? { run: training.run, ...heartbeat } : null;
}

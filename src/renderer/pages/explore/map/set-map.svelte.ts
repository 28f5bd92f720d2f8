/** The map of a set as the host has it: its points, and what was measured of it. */
import { mapUrl } from '../../../../shared/api/files';
import { decodePoints, type MapInfo, type MapMethod, type MapPoints } from '../../../../shared/explorer/map';
import { host, problemOf, type Problem } from '../../../lib/host/client';
import { fetchFromHost } from '../../../lib/host/problem';
import { PointGrid } from './point-grid';

export interface LoadedMap {
  readonly info: MapInfo;
  readonly points: MapPoints;
  readonly grid: PointGrid;
}

export class SetMap {
  /** Null where none was made yet; undefined while that is not known. */
  loaded: LoadedMap | null | undefined = $state.raw();
  problem: Problem | null = $state.raw(null);
  #asked = 0;

  /** What was loaded is shown until the answer is there, unless it is of another set or method. */
  async load(set: string, method: MapMethod): Promise<void> {
    const asked = ++this.#asked;
    const before = this.loaded?.info;
    if (before?.request.set !== set || before.request.method !== method) this.loaded = undefined;
    try {
      const loaded = await loadMap(set, method, before);
      if (asked !== this.#asked) return;
      if (loaded !== 'same') this.loaded = loaded;
      this.problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.loaded = null;
      this.problem = problemOf(error);
    }
  }
}

async function loadMap(
  set: string,
  method: MapMethod,
  before: MapInfo | undefined,
): Promise<LoadedMap | null | 'same'> {
  const info = await host.explorer.maps.info({ set, method });
  if (!info) return null;
  const same =
    before?.madeAt === info.madeAt && before.request.set === set && before.request.method === method;
  if (same) return 'same';
  const points = decodePoints(await (await fetchFromHost(mapUrl(set, method))).arrayBuffer());
  return { info, points, grid: new PointGrid(points) };
}

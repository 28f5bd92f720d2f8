/** Maps of embedding sets: made in a child process, read from the set's folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../shared/errors';
import {
  mapFile,
  mapInfoSchema,
  pointsFile,
  type MapInfo,
  type MapMethod,
  type MapRequest,
} from '../../shared/explorer/map';
import type { JobOptions } from '../encoder-jobs';
import type { Host } from '../host';
import { setFolder } from '../library';
import { runJob } from '../supervisor/run-job';

/** Fewer points lie anyhow in a plane. */
const LEAST_IMAGES = 3;

/** @throws UserError where the set is gone, or too small. */
export function checkMapRequest(host: Host, { set }: MapRequest): void {
  const { count } = host.store.sets.get(set);
  if (count < LEAST_IMAGES)
    throw new UserError(
      `A map needs at least ${LEAST_IMAGES} images, and this set has ${count}.`,
      'Embed a folder with more images.',
      'usage',
    );
}

/** Makes the map and keeps it, in place of an older one by the same method. */
export function makeMap(host: Host, request: MapRequest, options: JobOptions = {}): Promise<MapInfo> {
  const folder = setFolder(host.library.folder, host.store.sets.get(request.set).id);
  return runJob(host.runner, { kind: 'map-set', folder, request }, mapInfoSchema, options);
}

/**
 * @returns null where no map by this method was made of the rows as they are.
 * @throws UserError where the set is gone, or its map is damaged.
 */
export function readMapInfo(host: Host, set: string, method: MapMethod): MapInfo | null {
  const { id, facts } = host.store.sets.get(set);
  const file = join(setFolder(host.library.folder, id), mapFile(method));
  if (!facts.maps.includes(method) || !existsSync(file)) return null;
  try {
    return mapInfoSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}`, 'Make the map again.');
  }
}

/**
 * The points as `encodePoints` wrote them.
 * @throws UserError where there is no such map, or its points are damaged.
 */
export function readMapPoints(host: Host, set: string, method: MapMethod): Uint8Array<ArrayBuffer> {
  const info = readMapInfo(host, set, method);
  if (!info) throw new UserError('No map of this set has been made yet.', 'Make the map first.', 'usage');
  const file = join(setFolder(host.library.folder, set), pointsFile(info));
  const points = existsSync(file) ? new Uint8Array(readFileSync(file)) : new Uint8Array();
  if (points.length === info.count * 12) return points;
  throw new UserError(
    `${file} is damaged: it has ${points.length} bytes where ${info.count} points take ${info.count * 12}.`,
    'Make the map again.',
  );
}

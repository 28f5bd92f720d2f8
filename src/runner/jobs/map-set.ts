/** Lays the rows of an embedding set out in two dimensions and keeps the map in the set's folder. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMap, type OnStage, type Stage } from '../../explorer/map/make-map';
import { readSet } from '../../explorer/set-files';
import { encodePoints, mapFile, pointsFile, type MapInfo } from '../../shared/explorer/map';
import { writeAtomically } from '../atomic-write';
import { breathe, type JobContext, type RunJob } from '../job';
import { Throughput } from '../throughput';

export const mapSet: RunJob<'map-set'> = async ({ folder, request }, context): Promise<MapInfo> => {
  const begun = Date.now();
  const { manifest, images, vectors } = readSet(folder);
  const labels = images.map(({ label }) => label);
  const { points, measures } = await makeMap(
    { data: vectors, size: manifest.size },
    labels,
    request,
    tellStages(context),
  );
  const madeAt = Date.now();
  const info: MapInfo = {
    request,
    count: images.length,
    madeAt,
    seconds: (madeAt - begun) / 1000,
    ...measures,
  };
  await writeAtomically(join(folder, pointsFile(info)), [encodePoints(points)]);
  await writeAtomically(join(folder, mapFile(request.method)), [Buffer.from(JSON.stringify(info))]);
  await removeOlder(folder, info);
  return info;
};

/** Only epochs have a steady pace: of all else there is no rate to tell. */
function tellStages(context: JobContext): OnStage {
  let current: Stage | undefined;
  let last = 0;
  let speed = new Throughput();
  return async (stage, done, total) => {
    if (stage !== current || done < last) {
      speed = new Throughput();
      speed.restart(0);
    }
    [current, last] = [stage, done];
    speed.mark(done);
    const placing = stage === 'Placing points';
    context.channel.work({
      doing: stage,
      done,
      total,
      rate: placing ? speed.rate : null,
      unit: placing ? 'epochs' : 'images',
      secondsLeft: placing ? speed.secondsLeft(total) : null,
    });
    await breathe(context);
  };
}

async function removeOlder(folder: string, info: MapInfo): Promise<void> {
  const kept = pointsFile(info);
  const ofMethod = new RegExp(`^map-${info.request.method}-\\d+\\.points$`);
  for (const name of await readdir(folder))
    if (ofMethod.test(name) && name !== kept) await rm(join(folder, name), { force: true });
}

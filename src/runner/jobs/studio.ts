/** What a form asks while a run is set up, answered by one child that stays warm. */
import { describe, examineConfig } from '../../learning';
import type { Catalogue } from '../../shared/api/set-up';
import { UserError } from '../../shared/errors';
import { studioRequests } from '../../shared/studio';
import type { RunJob } from '../job';
import { Galleries } from '../service/galleries';
import { serveRequests } from '../service/serve-requests';
import { ViewMaker } from '../service/view-maker';

export const studio: RunJob<'studio'> = async ({ cacheDirectory }, context) => {
  const galleries = new Galleries(cacheDirectory, context.signal);
  const viewMaker = new ViewMaker();
  try {
    await serveRequests(
      {
        requests: studioRequests,
        // A form must not wait for a page of thumbnails.
        order: ['forget', 'resolve', 'catalogue', 'experiments', 'views', 'images', 'name', 'thumbnail'],
        newestOnly: ['views'],
        handlers: {
          catalogue: () => describe() as unknown as Catalogue,
          experiments: () => [...describe().experiments],
          resolve: ({ source }) => {
            const { config, warnings, issues } = examineConfig(source);
            return { config, warnings: [...warnings], issues: [...issues] };
          },
          views: async ({ config, count, round }) => {
            const gallery = await galleries.of(config.data.path);
            return viewMaker.make(config, await gallery.firstImages(config, count), round);
          },
          thumbnail: async ({ path, index, size }) => ({
            jpeg: await (await galleries.of(path)).thumbnail(index, size),
          }),
          name: async ({ path, index }) => {
            const name = (await galleries.of(path)).nameOf(index);
            if (name !== undefined) return { name };
            throw new UserError(
              `There is no image ${index} in ${path} any more.`,
              'Check the data set again: its files have changed.',
              'usage',
            );
          },
          images: async ({ path, label, offset, count }) =>
            (await galleries.of(path)).imagesOf(label, offset, count),
          forget: ({ path }) => {
            galleries.forget(path);
            return null;
          },
        },
      },
      context,
    );
  } finally {
    galleries.close();
    await viewMaker.close();
  }
  return null;
};

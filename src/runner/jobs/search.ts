/** What the explorer asks while one looks around, answered by one child that keeps sets and encoders open. */
import { inspectImage } from '../../data';
import { searchRequests } from '../../shared/explorer/requests';
import type { RunJob } from '../job';
import { Galleries } from '../service/galleries';
import { serveRequests } from '../service/serve-requests';
import { Searcher } from '../search/answer-query';
import { CopyChecker } from '../search/check-copy';
import { Encoders } from '../search/encoders';
import { Lookers } from '../search/looking';
import { OpenSets } from '../search/open-sets';
import { QueryImages } from '../search/query-images';
import { rowFacts } from '../search/row-facts';

export const search: RunJob<'search'> = async ({ cacheDirectory, memory }, context) => {
  const sets = new OpenSets(memory);
  const encoders = new Encoders();
  const galleries = new Galleries(cacheDirectory, context.signal);
  const images = new QueryImages(sets, galleries);
  const lookers = new Lookers(sets, images, encoders);
  const searcher = new Searcher(sets, images, encoders);
  const checker = new CopyChecker(sets, images, searcher);
  try {
    await serveRequests(
      {
        requests: searchRequests,
        // A query must not wait for a page of thumbnails.
        order: [
          'forget',
          'forget-data',
          'inspect',
          'search',
          'check-copy',
          'attention',
          'thumbnail',
          'row-facts',
          'warm',
        ],
        handlers: {
          search: (request) => searcher.search(request),
          'check-copy': (request) => checker.check(request),
          'row-facts': (request) => rowFacts(sets, galleries, request),
          attention: (request) => lookers.look(request),
          inspect: async ({ bytes, name }) => {
            const facts = await inspectImage(Buffer.from(bytes), name);
            return { ...facts, notes: [...facts.notes], name, bytes: bytes.length };
          },
          thumbnail: async ({ image, size }) => ({ jpeg: await (await images.open(image)).thumbnail(size) }),
          warm: async ({ set }) => {
            const opened = sets.open(set);
            opened.warm();
            sets.settle([opened]);
            if (!('missing' in set.encoder)) await encoders.of(opened);
            return null;
          },
          forget: ({ folder }) => {
            sets.forget(folder);
            return null;
          },
          'forget-data': ({ path }) => {
            galleries.forget(path);
            return null;
          },
        },
      },
      context,
    );
  } finally {
    galleries.close();
    lookers.close();
    encoders.close();
    sets.close();
  }
  return null;
};

/** What is known of the files of some rows of a set, from folders that are listed already. */
import type * as z from 'zod';
import { readNamedFile, type OriginalFile } from '../../data';
import { UserError } from '../../shared/errors';
import type { SearchAnswer, searchRequests } from '../../shared/explorer/requests';
import { factsOfImage } from '../copies/image-facts';
import { resourcesDirectory } from '../resources';
import type { Galleries } from '../service/galleries';
import type { OpenSets } from './open-sets';

type FactsRequest = z.output<(typeof searchRequests)['row-facts']['payload']>;

/** @throws UserError where the set has no such row. A file that cannot be read is told with its row. */
export async function rowFacts(
  sets: OpenSets,
  galleries: Galleries,
  { set, rows }: FactsRequest,
): Promise<SearchAnswer<'row-facts'>> {
  const { images, manifest } = sets.open(set);
  const asked = rows.map((row) => {
    const image = images.at(row);
    if (image) return { row, name: image.name };
    throw new UserError(
      `The set has no row ${row}: it has ${images.length}.`,
      'Its images were embedded again: look for copies again.',
      'usage',
    );
  });
  const facts: SearchAnswer<'row-facts'> = [];
  for (const image of asked)
    facts.push(await factsOfImage(image, () => fileOf(galleries, manifest.dataPath, image.name)));
  return facts;
}

async function fileOf(galleries: Galleries, dataPath: string, name: string): Promise<OriginalFile> {
  const named = readNamedFile(dataPath, name, resourcesDirectory);
  if (named) return named;
  const gallery = await galleries.of(dataPath);
  const index = gallery.indexOf(name);
  if (index === undefined) throw new Error(`It is not in ${dataPath} any more`);
  return gallery.file(index);
}

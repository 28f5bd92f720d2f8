/** Procedures of data sets and of the folder picker. */
import { os, type Parts } from './parts';

export function datasetProcedures({ dataSets, pictures, places }: Parts) {
  return {
    list: os.datasets.list.handler(() => dataSets.list()),
    add: os.datasets.add.handler(({ input: { place } }) => dataSets.add(places.pathOf(place))),
    recheck: os.datasets.recheck.handler(({ input: { dataset } }) => dataSets.recheck(dataset)),
    images: os.datasets.images.handler(({ input: { dataset, label, offset, count } }) =>
      pictures.imagesOf(dataSets.get(dataset).path, label, offset, count),
    ),
    remove: os.datasets.remove.handler(({ input: { dataset } }) => {
      dataSets.remove(dataset);
      return { removed: dataset };
    }),
  };
}

export function folderProcedures({ folders }: Parts) {
  return {
    list: os.folders.list.handler(({ input: { place } }) => folders.list(place)),
    find: os.folders.find.handler(({ input: { path } }) => folders.find(path)),
  };
}

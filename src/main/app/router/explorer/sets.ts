/** Procedures of embedding sets and of the encoders that make them. */
import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../../../../shared/errors';
import { addEncoder, describeEncoder } from '../../../embedding/encoders';
import { exportSet } from '../../../embedding/sets';
import { imageOfRow } from '../../answer-sets';
import { os, type Parts } from '../parts';

export function encodersProcedures({ library, places }: Parts) {
  const { encoders } = os.explorer;
  return {
    list: encoders.list.handler(() => library.host.store.encoders.list().map(describeEncoder)),
    add: encoders.add.handler(({ input: { place }, signal }) =>
      addEncoder(library.owned, places.pathOf(place), signal && { signal }),
    ),
    remove: encoders.remove.handler(({ input: { encoder } }) => {
      const { encoders: stored } = library.owned.store;
      stored.get(encoder);
      stored.remove(encoder);
      return { removed: encoder };
    }),
  };
}

/** Of what a window exports. */
const ENDINGS = { parquet: 'parquet', npy: 'npy.zip', tsv: 'zip' } as const;

export function setsProcedures({ library, sets, exports, reveal }: Parts) {
  const procedures = os.explorer.sets;
  return {
    list: procedures.list.handler(() => sets.list()),
    embed: procedures.embed.handler(({ input }) => sets.embed(input)),
    update: procedures.update.handler(({ input: { set } }) => sets.update(set)),
    cancel: procedures.cancel.handler(({ input: { set } }) => sets.cancel(set)),
    remove: procedures.remove.handler(async ({ input: { set } }) => {
      await sets.remove(set);
      return { removed: set };
    }),
    export: procedures.export.handler(async ({ input: { set, format }, signal }) => {
      const folder = join(sets.folderOf(set), 'exports');
      try {
        await mkdir(folder, { recursive: true });
      } catch (error) {
        throw new UserError(`The folder ${folder} cannot be made: ${messageOf(error)}.`, 'Is the disk full?');
      }
      const out = join(folder, `${fileName(sets.get(set).name)}.${ENDINGS[format]}`);
      // A window gets one file: an array without its names would be of no use.
      await exportSet(library.owned, set, { out, format: format === 'npy' ? 'npy-zip' : format, signal });
      return exports.serve(out);
    }),
    reveal: procedures.reveal.handler(({ input: { set, row, name } }) => {
      const path = pathOfRow(sets.get(set).dataPath, imageOfRow(sets, set, row, name).name);
      reveal?.(path);
      return { path, isShown: reveal !== null };
    }),
  };
}

/** An image in an archive is shown as the archive. @throws UserError where the file is gone. */
function pathOfRow(dataPath: string, name: string): string {
  if (dataPath === 'sample')
    throw new UserError(`${name} is in the sample that ships with Selvedge, not in a folder.`);
  const isFolder = statSync(dataPath, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const path = isFolder ? join(dataPath, name) : dataPath;
  if (existsSync(path)) return path;
  throw new UserError(`There is nothing at ${path} any more.`, 'Was it moved, or is its disk not connected?');
}

/** A name that every file system takes. */
const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '-').slice(0, 100);

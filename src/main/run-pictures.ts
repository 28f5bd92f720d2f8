/** The pictures that a run has made of itself: the files in its folder, nothing else. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunPictures } from '../shared/api/runs';
import { UserError } from '../shared/errors';
import { parsePictureName } from '../shared/picture-names';
import { pictureFolder } from './library';

/** By step, ascending. */
export function picturesOf(library: string, run: string): RunPictures[] {
  const steps = new Map<number, string[]>();
  for (const { step, place, caption } of listed(library, run)) {
    const captions = steps.get(step) ?? [];
    captions[place] = caption;
    steps.set(step, captions);
  }
  return [...steps]
    .map(([step, captions]) => ({ step, captions: Array.from(captions, (caption) => caption ?? '') }))
    .sort((a, b) => a.step - b.step);
}

/** @returns PNG. @throws UserError (usage) where there is no such picture. */
export async function readPicture(
  library: string,
  run: string,
  step: number,
  place: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const found = listed(library, run).find((one) => one.step === step && one.place === place);
  if (!found) throw new UserError(`Run ${run} has no picture ${place} of step ${step}`, undefined, 'usage');
  return new Uint8Array(await readFile(join(pictureFolder(library, run), found.file)));
}

function listed(library: string, run: string) {
  const folder = pictureFolder(library, run);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const parsed = parsePictureName(file);
    return parsed ? [{ ...parsed, file }] : [];
  });
}

/**
 * The files of an embedding set, in a folder of its own:
 *
 *   set.json              what made it; the last thing written when it is begun
 *   vectors.f32 | .f16    [count, size], little-endian, each row of unit length
 *   images.jsonl          what row n is of, line n
 *
 * Rows are only ever appended, vectors first, so that a set that was cut off is whole up to its last full line.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../shared/errors';
import { IMAGES_FILE, setImageSchema, setRecipeSchema, type SetImage } from '../shared/explorer/sets';

export const SET_VERSION = 1;

export const setManifestSchema = z.strictObject({
  version: z.literal(SET_VERSION),
  id: z.string(),
  recipe: setRecipeSchema,
  /** Vectors of equal spaces may be compared. */
  space: z.string(),
  /** Length of a vector. */
  size: z.int().min(1),
  /** Side of the images that the encoder saw, px. */
  imageSize: z.int(),
  dataPath: z.string(),
  createdAt: z.number(),
});
export type SetManifest = z.infer<typeof setManifestSchema>;

export const manifestFile = (folder: string): string => join(folder, 'set.json');
export const imagesFile = (folder: string): string => join(folder, IMAGES_FILE);
export const vectorsFile = (folder: string, precision: 'float32' | 'float16'): string =>
  join(folder, precision === 'float16' ? 'vectors.f16' : 'vectors.f32');

export const bytesPerNumber = (precision: 'float32' | 'float16'): number => (precision === 'float16' ? 2 : 4);

export interface SetRows {
  readonly manifest: SetManifest;
  readonly images: readonly SetImage[];
  /** [images, size], unit length. */
  readonly vectors: Float32Array;
}

/** @throws UserError where the folder holds no set of this version. */
export function readManifest(folder: string): SetManifest {
  const file = manifestFile(folder);
  try {
    return setManifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!existsSync(file))
      throw new UserError(`There is no embedding set in ${folder}.`, 'Embed the images again.');
    throw new UserError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Remove the embedding set and embed the images again.',
    );
  }
}

/** Rows that are whole: a last line or vector that was cut off is left out. */
export function readSet(folder: string): SetRows {
  const manifest = readManifest(folder);
  const { precision } = manifest.recipe;
  const images = readWholeImages(folder, manifest);
  const numbers = images.length * manifest.size;
  return { manifest, images, vectors: readVectors(vectorsFile(folder, precision), numbers, precision) };
}

/** What the whole rows are of, without reading their vectors. @throws UserError as `readImages`. */
export function readWholeImages(folder: string, { recipe, size }: SetManifest): SetImage[] {
  const file = vectorsFile(folder, recipe.precision);
  const rowBytes = size * bytesPerNumber(recipe.precision);
  const stored = existsSync(file) ? Math.floor(statSync(file).size / rowBytes) : 0;
  return readImages(folder).slice(0, stored);
}

/** @throws UserError naming the line that is damaged. */
export function readImages(folder: string): SetImage[] {
  const file = imagesFile(folder);
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  // What stands after the last newline was cut off.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  lines.pop();
  return lines.map((line, at) => {
    const parsed = setImageSchema.safeParse(parse(line));
    if (parsed.success) return parsed.data;
    throw new UserError(
      `Line ${at + 1} of ${file} is damaged: ${z.prettifyError(parsed.error)}`,
      'Remove the embedding set and embed the images again.',
    );
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function readVectors(file: string, numbers: number, precision: 'float32' | 'float16'): Float32Array {
  if (numbers === 0) return new Float32Array();
  const bytes = new Uint8Array(numbers * bytesPerNumber(precision));
  const descriptor = openSync(file, 'r');
  try {
    // One read takes at most 2 GiB.
    const whole = Math.min(bytes.length, fstatSync(descriptor).size);
    for (let at = 0; at < whole;) at += readSync(descriptor, bytes, at, Math.min(2 ** 30, whole - at), at);
  } finally {
    closeSync(descriptor);
  }
  return precision === 'float16'
    ? Float32Array.from(new Float16Array(bytes.buffer))
    : new Float32Array(bytes.buffer);
}

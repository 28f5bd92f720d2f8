/** The list of a set's images, as the host serves it. */
import * as z from 'zod';
import { setImageSchema, type SetImage } from '../../../shared/explorer/sets';

const imagesSchema = z.array(setImageSchema);

/** @param text JSON lines. @throws Error where a line is no image. */
export function parseImages(text: string): SetImage[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return imagesSchema.parse(lines.map((line) => JSON.parse(line) as unknown));
}

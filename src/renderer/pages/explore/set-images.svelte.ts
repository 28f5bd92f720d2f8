/** The images of a set: what row n is of. Loaded when they are first asked for, and anew when the set has changed. */
import * as z from 'zod';
import { setImagesUrl } from '../../../shared/api/files';
import { setImageSchema, type EmbeddingSet, type SetImage } from '../../../shared/explorer/sets';
import { problemOf, type Problem } from '../../lib/host/client';
import { fetchFromHost } from '../../lib/host/problem';

export class SetImages {
  rows: readonly SetImage[] | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  #version: string | null = null;

  /** Cheap where nothing has changed. */
  async load({ id, count, updatedAt }: Pick<EmbeddingSet, 'id' | 'count' | 'updatedAt'>): Promise<void> {
    const version = `${id} ${count} ${updatedAt}`;
    if (version === this.#version) return;
    if (!this.#version?.startsWith(`${id} `)) this.rows = null;
    this.#version = version;
    try {
      const text = await (await fetchFromHost(setImagesUrl(id))).text();
      if (this.#version !== version) return;
      this.rows = parseImages(text);
      this.problem = null;
    } catch (error) {
      if (this.#version !== version) return;
      this.#version = null;
      this.problem = problemOf(error);
    }
  }
}

const imagesSchema = z.array(setImageSchema);

/** @param text JSON lines. @throws Error where a line is no image. */
export function parseImages(text: string): SetImage[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return imagesSchema.parse(lines.map((line) => JSON.parse(line) as unknown));
}

/** The images of a set: what row n is of. Loaded when they are first asked for, and anew when the set has changed. */
import { setImagesUrl } from '../../../shared/api/files';
import type { EmbeddingSet, SetImage } from '../../../shared/explorer/sets';
import { problemOf, type Problem } from '../../lib/host/client';
import { fetchFromHost } from '../../lib/host/problem';
import { parseImages } from './parse-images';

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

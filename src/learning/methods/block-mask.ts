/** Masks of whole blocks of patches. Bao et al. 2021 (BEiT, arXiv 2106.08254), algorithm 1, as its code has it. */
import * as z from 'zod';
import type { Random } from '../../shared/random';
import type { Draw } from '../method';

export const blockMaskSchema = z.strictObject({
  share: z
    .number()
    .min(0.05)
    .max(0.95)
    .default(0.4)
    .describe('Share of the patches that are hidden, at most'),
  block: z
    .number()
    .min(0)
    .max(1)
    .default(0.08)
    .describe('Share of the patches that a block covers, at least; the paper’s 16 of 196'),
});
type BlockMask = z.infer<typeof blockMaskSchema>;

/** Width / height of a block. */
const RATIO = 0.3;
/** Tries for each block. */
const ATTEMPTS = 10;

/** [grid^2], row after row: 1 where a patch is hidden, else 0. */
export const blockMaskDraw = (options: BlockMask, grid: number): Draw => ({
  shape: [grid * grid],
  dtype: 'float32',
  draw: (source) => blockMask(options, grid, source),
});

/**
 * Blocks of random area and shape until the share is reached or no other block fits: not above it, at times a little
 * below; never none.
 */
export function blockMask({ share, block }: BlockMask, grid: number, source: Random): Float32Array {
  const mask = new Float32Array(grid * grid);
  const wanted = Math.max(1, Math.floor(share * mask.length));
  const smallest = Math.max(1, Math.round(block * mask.length));
  let hidden = 0;
  while (hidden < wanted) {
    const added = addBlock(mask, grid, smallest, wanted - hidden, source);
    if (added === 0) break;
    hidden += added;
  }
  if (hidden === 0) mask[source.integer(mask.length)] = 1;
  return mask;
}

/** @returns how many patches are newly hidden: between 1 and `most`, or 0 where no try gave such a block. */
function addBlock(mask: Float32Array, grid: number, smallest: number, most: number, source: Random): number {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = source.between(smallest, most);
    const ratio = Math.exp(source.between(Math.log(RATIO), -Math.log(RATIO)));
    const height = Math.round(Math.sqrt(area * ratio));
    const width = Math.round(Math.sqrt(area / ratio));
    if (height >= grid || width >= grid) continue;
    const top = source.integer(grid - height + 1);
    const left = source.integer(grid - width + 1);
    const places = Array.from(
      { length: height * width },
      (_, i) => (top + Math.floor(i / width)) * grid + left + (i % width),
    ).filter((place) => mask[place] === 0);
    if (places.length === 0 || places.length > most) continue;
    for (const place of places) mask[place] = 1;
    return places.length;
  }
  return 0;
}

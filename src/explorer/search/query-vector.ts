/** One vector to search with, from several to be like and unlike: Rocchio 1971, relevance feedback. */
import { UserError } from '../../shared/errors';

/** How much of what is not wanted is taken away. */
const UNLIKE = 0.5;
/** Shorter than this there is no direction left but rounding. */
const SHORTEST = 1e-6;

/**
 * mean(like) - 0.5 mean(unlike), scaled to unit length.
 * @param like at least one, each [size] and of unit length.
 * @throws UserError where they cancel each other out.
 */
export function queryVector(like: readonly Float32Array[], unlike: readonly Float32Array[]): Float32Array {
  // A single image is searched for as it is, to the last bit.
  if (like.length === 1 && unlike.length === 0) return like[0];
  const sum = new Float64Array(like[0].length);
  const add = (vectors: readonly Float32Array[], weight: number) => {
    for (const vector of vectors)
      for (let j = 0; j < sum.length; j++) sum[j] += (weight / vectors.length) * vector[j];
  };
  add(like, 1);
  add(unlike, -UNLIKE);
  const length = Math.hypot(...sum);
  if (length < SHORTEST)
    throw new UserError(
      'The images to be like and unlike cancel each other out: there is nothing left to search for.',
      'Take some of them away.',
      'usage',
    );
  return Float32Array.from(sum, (value) => value / length);
}

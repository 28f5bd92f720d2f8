/** What a sample is where it is more than one image: which images a step puts together. */

export type Sampling =
  | {
      /** Frames of one sequence, in their order; they share the draws of their views. */
      readonly kind: 'sequence';
      readonly frames: number;
      /** Largest distance of neighbouring frames in the sequence. */
      readonly stride: number;
    }
  | {
      /** [batch] labelled images, then [batch * unlabelled] others. */
      readonly kind: 'mixed';
      readonly unlabelled: number;
    };

/** Images of one sample. @param sampling undefined where each image is a sample. */
export function imagesOfSample(sampling: Sampling | undefined): number {
  if (sampling?.kind === 'sequence') return sampling.frames;
  return sampling?.kind === 'mixed' ? 1 + sampling.unlabelled : 1;
}

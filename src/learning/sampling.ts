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
    }
  | {
      /** Single images: the labelled ones, and after each round those of the others whose class is sure. */
      readonly kind: 'rounds';
      /** Length of a round. */
      readonly epochs: number;
      /** Least probability of a class that is taken for a label. */
      readonly confidence: number;
      /** Of the other images, the share that is taken after the first round; grows by it. */
      readonly sharePerRound: number;
      /** Of a batch, the share that has labels of its own, once others are taken. */
      readonly labelledShare: number;
    };

/** Images of one sample. @param sampling undefined where each image is a sample. */
export function imagesOfSample(sampling: Sampling | undefined): number {
  if (sampling?.kind === 'sequence') return sampling.frames;
  return sampling?.kind === 'mixed' ? 1 + sampling.unlabelled : 1;
}

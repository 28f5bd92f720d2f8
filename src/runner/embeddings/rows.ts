/** Embeddings on their way to a file. */

/** One image of an embedded data set. */
export interface EmbeddedImage {
  /** Path inside of the data's folder or archive, with forward slashes. */
  readonly name: string;
  /** Class name; null for an unlabelled image. */
  readonly label: string | null;
  /** Position of the label among the classes; null for an unlabelled image. */
  readonly class: number | null;
  readonly split: 'train' | 'evaluation' | 'left out';
}

/** Some images and their embeddings, [images, d]. */
export interface EmbeddedBatch {
  readonly images: readonly EmbeddedImage[];
  readonly embeddings: Float32Array;
}

/** Where the embeddings come from; kept with them. */
export type EmbeddingSource = Readonly<Record<string, string | number>>;

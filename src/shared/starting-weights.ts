/** What became of each tensor of a file of weights that a run started from. */
import * as z from 'zod';

export const transferRowSchema = z.object({
  /** In the run's encoder; null where it has no place for the tensor. */
  name: z.string().nullable(),
  /** In the file. */
  fileName: z.string(),
  fileShape: z.array(z.int()),
  /** In the run's encoder; null where `name` is. */
  shape: z.array(z.int()).nullable(),
  /** "loaded" as it is, "resized" to another shape, "changed" in its values or worked into others, or "skipped". */
  what: z.enum(['loaded', 'resized', 'changed', 'skipped']),
  /** What was done to it, or why it was skipped; null where it was loaded. */
  note: z.string().nullable(),
});
export type TransferRow = z.infer<typeof transferRowSchema>;

/** Name of the event that tells it. */
export const STARTING_WEIGHTS = 'starting-weights';

/** `data` of that event. */
export const startingWeightsSchema = z.object({
  /** Path of the file. */
  file: z.string(),
  /** One for each tensor of the encoder in the file. */
  rows: z.array(transferRowSchema),
});
export type StartingWeights = z.infer<typeof startingWeightsSchema>;

/** What an event tells of starting weights; null for other events. */
export function startingWeightsOf(event: {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}): StartingWeights | null {
  if (event.name !== STARTING_WEIGHTS) return null;
  return startingWeightsSchema.safeParse(event.data).data ?? null;
}

/** @example "100 tensors loaded, 1 resized, 2 skipped" */
export function transferCounts(rows: readonly TransferRow[]): string {
  const count = (wanted: TransferRow['what']) => rows.filter(({ what }) => what === wanted).length;
  const loaded = count('loaded');
  const others = (['resized', 'changed', 'skipped'] as const).flatMap((what) =>
    count(what) > 0 ? [`${count(what)} ${what}`] : [],
  );
  return [`${loaded} ${loaded === 1 ? 'tensor' : 'tensors'} loaded`, ...others].join(', ');
}

/** The rows that were not plainly loaded. */
export const notPlainlyLoaded = (rows: readonly TransferRow[]): TransferRow[] =>
  rows.filter(({ what }) => what !== 'loaded');

/** @example "[1, 197, 192] → [1, 65, 192]"; one shape where both are the same, or there is no other. */
export function shapesText({ fileShape, shape }: Pick<TransferRow, 'fileShape' | 'shape'>): string {
  const [from, to] = [fileShape, shape ?? fileShape].map((sizes) => `[${sizes.join(', ')}]`);
  return from === to ? from : `${from} → ${to}`;
}

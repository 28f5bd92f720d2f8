/** What is known of a checkpoint: said by the child that wrote it, and told on to the windows. */
import * as z from 'zod';

export const checkpointInfoSchema = z.strictObject({
  path: z.string(),
  step: z.int().min(0),
  epoch: z.number().min(0),
  bytes: z.int().min(0),
  kind: z.enum(['periodic', 'best', 'final']),
  /** Weighted k-NN accuracy in [0, 1] at this step, where it was measured. */
  knn: z.number().nullable(),
});
export type CheckpointInfo = z.infer<typeof checkpointInfoSchema>;

/** Fine-tuning a run's whole network with few and with all labels, beside the same network from scratch. */
import * as z from 'zod';

export const fineTuneSchema = z.object({
  /** Shares of the labels of each class. */
  shares: z.array(z.number().gt(0).max(1)).min(1).max(10).default([0.01, 0.1, 1]),
  epochs: z.int().min(1).max(1000).default(30),
  /** Whether the same network is trained from scratch as well. */
  baseline: z.boolean().default(true),
});
export type FineTune = z.infer<typeof fineTuneSchema>;

/** Newest first. */
export const fineTuningsSchema = z.array(
  z.object({
    /** What the names of its runs begin with. */
    name: z.string(),
    /** Absolute, or "sample". */
    data: z.string(),
    /** What each has reached stands in its row. */
    runs: z.array(z.object({ run: z.string(), labelShare: z.number(), isPretrained: z.boolean() })),
  }),
);
export type FineTunings = z.infer<typeof fineTuningsSchema>;

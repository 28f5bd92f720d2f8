/** The size of a codebook: settings of the tokenizer, and of what learns from it. */
import * as z from 'zod';

export const codebookOptions = {
  codes: z.int().min(2).max(16_384).default(512).describe('Ids that there are'),
  dimension: z.int().min(1).max(1024).default(64).describe('Length of a code'),
};

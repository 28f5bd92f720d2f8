/** How runs, checkpoints and data sets are named; imports nothing, so that everything may name them. */
import * as z from 'zod';

export const runIdSchema = z.string().regex(/^[\w.-]{1,200}$/, 'not a run id');

/** Which weights of a run: `last`, `best` (by k-NN accuracy), or a step as text. */
export const checkpointChoiceSchema = z.union([z.enum(['last', 'best']), z.string().regex(/^\d+$/)]);

export const datasetIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'not a data set id');

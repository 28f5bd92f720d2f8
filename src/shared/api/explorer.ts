/** The procedures of the explorer: embedding sets, queries, copies, maps, measurements. */
import { oc } from '@orpc/contract';
import * as z from 'zod';
import { copyAnswerSchema, copyCheckSchema, copyFactsSchema } from '../explorer/copies';
import { mapInfoSchema, mapRequestSchema } from '../explorer/map';
import { chosenProtocolSchema, retrievalReportSchema } from '../explorer/retrieval';
import { attentionSchema, imageRefSchema, queryAnswerSchema, querySchema } from '../explorer/search';
import {
  embeddingSetSchema,
  encoderIdSchema,
  importedEncoderSchema,
  setIdSchema,
  setRecipeSchema,
} from '../explorer/sets';
import { placeSchema } from './datasets';
import { refusable } from './refusable';

const procedure = oc.errors(refusable);
const setInput = z.object({ set: setIdSchema });

export const explorerContract = {
  encoders: {
    list: procedure.output(z.array(importedEncoderSchema)),
    /** `place` is of a file: typed, or chosen in a native dialog. */
    add: procedure.input(z.object({ place: placeSchema.shape.id })).output(importedEncoderSchema),
    /** Forgets it. The file stays. */
    remove: procedure.input(z.object({ encoder: encoderIdSchema })).output(z.object({ removed: z.string() })),
  },
  sets: {
    list: procedure.output(z.array(embeddingSetSchema)),
    /** Begins to embed, or takes up the set of this very recipe; the rest is told by events. */
    embed: procedure.input(setRecipeSchema).output(embeddingSetSchema),
    /** Only new and changed files; what is gone is taken out. */
    update: procedure.input(setInput).output(embeddingSetSchema),
    /** Ends the work under way. What was embedded stays. */
    cancel: procedure.input(setInput).output(embeddingSetSchema),
    /** With its files. */
    remove: procedure.input(setInput).output(z.object({ removed: setIdSchema })),
    /** @returns the id of the file, to be fetched from /exports/<id>. "tsv" is a zip for TensorBoard's projector. */
    export: procedure
      .input(setInput.extend({ format: z.enum(['parquet', 'npy', 'tsv']) }))
      .output(z.object({ id: z.string(), file: z.string(), bytes: z.number() })),
    /**
     * Shows the file of a row in the file manager; `isShown` is false where the host has none.
     * @param name of the image that is meant, found also where the row is of another one by now.
     */
    reveal: procedure
      .input(setInput.extend({ row: z.int().min(0), name: z.string().max(4096).optional() }))
      .output(z.object({ path: z.string(), isShown: z.boolean() })),
  },
  search: procedure.input(querySchema).output(queryAnswerSchema),
  /** Opens a set and its encoder, so that the first query does not have to wait for them. */
  prepare: procedure.input(setInput).output(z.null()),
  /** With `other`, a row or image that it is compared with. */
  attention: procedure
    .input(setInput.extend({ image: imageRefSchema, other: imageRefSchema.nullable().default(null) }))
    .output(attentionSchema),
  copies: {
    check: procedure.input(copyCheckSchema).output(copyAnswerSchema),
    /** Begins to look for all pairs; they are then at /data/sets/<set>/copies. */
    find: procedure.input(setInput).output(embeddingSetSchema),
    facts: procedure
      .input(setInput.extend({ rows: z.array(z.int().min(0)).min(1).max(1000) }))
      .output(z.array(copyFactsSchema)),
  },
  maps: {
    /** Begins; the points are then at /data/sets/<set>/map?method=umap. */
    make: procedure.input(mapRequestSchema).output(embeddingSetSchema),
    info: procedure
      .input(setInput.extend({ method: mapRequestSchema.shape.method }))
      .output(mapInfoSchema.nullable()),
  },
  measures: {
    /** Begins; the report is then in the list. */
    measure: procedure.input(setInput.extend({ protocol: chosenProtocolSchema })).output(embeddingSetSchema),
    list: procedure.input(setInput).output(z.array(retrievalReportSchema)),
  },
};

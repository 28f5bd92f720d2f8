/** How good an encoder is: the protocols that can be asked for, and what each answers. */
import * as z from 'zod';

/** Which vector of an image: "embedding", or what a hidden layer gives, such as "layer3", "cls" or "blocks.9". */
const feature = z.string().trim().min(1).max(40).default('embedding');

export const protocolSchema = z.discriminatedUnion('kind', [
  /** Weighted k-nearest-neighbour accuracy, for each k. */
  z.strictObject({
    kind: z.literal('knn'),
    feature,
    k: z.array(z.int().min(1).max(1000)).min(1).max(20),
    /** Null takes the run's own. */
    temperature: z.number().positive().max(10).nullable().default(null),
  }),
  /** One linear map on frozen embeddings, trained with labels. */
  z.strictObject({
    kind: z.literal('linear'),
    feature,
    epochs: z.int().min(1).max(1000).default(100),
    batchSize: z.int().min(1).max(65_536).default(256),
    /** For 256 images a step. One is taken as it is; of several the best on a held-out tenth of the bank. */
    learningRates: z.array(z.number().positive().max(1000)).min(1).max(20).default([0.1]),
  }),
  /** Nearest class mean of a few labelled images, for each number of them. */
  z.strictObject({
    kind: z.literal('few-shot'),
    feature,
    shots: z.array(z.int().min(1).max(1000)).min(1).max(20).default([1, 5, 10]),
    draws: z.int().min(1).max(1000).default(20),
  }),
]);
export type Protocol = z.infer<typeof protocolSchema>;
export type ProtocolInput = z.input<typeof protocolSchema>;

const share = z.number().min(0).max(1);
const measured = {
  /** Labelled images that voted or were trained on. */
  bank: z.int(),
  /** Images that were classified. */
  queries: z.int(),
  /** Of the weights. */
  step: z.int(),
};

export const evaluationAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...measured,
    kind: z.literal('knn'),
    /** By k. */
    accuracy: z.record(z.string(), share),
    /** Neighbours that voted, by k: less where the bank is smaller. */
    voters: z.record(z.string(), z.int()),
    temperature: z.number(),
  }),
  z.strictObject({
    ...measured,
    kind: z.literal('linear'),
    /** Of the classifier after the final epoch. */
    accuracy: share,
    /** On the images it was trained on. */
    bankAccuracy: share,
    epochs: z.int(),
    learningRate: z.number(),
    /** What the learning rate was chosen by; null where only one was given. */
    grid: z.array(z.strictObject({ learningRate: z.number(), heldOutAccuracy: share })).nullable(),
  }),
  z.strictObject({
    ...measured,
    kind: z.literal('few-shot'),
    draws: z.int(),
    /** `interval` is half of the 95 % confidence interval over the draws. */
    shots: z.array(z.strictObject({ shots: z.int(), accuracy: share, interval: z.number() })),
  }),
]);
export type EvaluationAnswer = z.infer<typeof evaluationAnswerSchema>;

/** `selvedge eval`: how good a checkpoint's encoder is on labelled images, by a protocol. */
import type { Device } from '../../engine';
import {
  classifyByNeighbours,
  createEmbeddingStep,
  featureOf,
  fewShot,
  linearProbe,
  type LabelledVectors,
} from '../../learning';
import { UserError } from '../../shared/errors';
import type { EvaluationAnswer, Protocol } from '../../shared/evaluation';
import { permutation, random } from '../../shared/random';
import type { RunConfig } from '../../shared/run-config';
import { openJobDevice } from '../device';
import { inferenceBatch, RowStep } from '../embedder';
import { breathe, type JobContext, type RunJob } from '../job';
import { openData } from '../open-data';
import { openEncoder } from '../open-encoder';
import { reportProgress } from '../report-progress';
import { chooseKnn, type Selection } from '../training/training-data';

export const evaluate: RunJob<'evaluate'> = async (
  { checkpoint, config, data, protocol },
  context,
): Promise<EvaluationAnswer> => {
  const { encoder: backbone, state, meta } = await openEncoder(checkpoint, config);
  const { size, apply } = featureOf(backbone, protocol.feature);
  const encoder = {
    imageSize: backbone.imageSize,
    parameters: backbone.parameters,
    featureSize: size,
    apply,
  };
  const { imageSize, cacheDirectory } = data;
  // Held out as in training: otherwise images that were trained on would be among the queries.
  const { heldOut } = config.data;
  const options = { imageSize, cacheDirectory, heldOut, seed: config.seed, threads: config.threads };
  const dataset = await openData(data.path, options, context);
  const device = await openJobDevice(config, context);
  try {
    const { knn: parts, reason } = chooseKnn(dataset, config);
    if (!parts)
      throw new UserError(
        `The encoder cannot be evaluated: ${reason}`,
        'Give a folder with at least two class sub-folders, or set data.heldOut above 0.',
      );
    const step = createEmbeddingStep(encoder, inferenceBatch(imageSize), config.data);
    const embedder = await RowStep.prepare(device, step, 'embedding', state);
    const total = parts.bank.indices.length + parts.queries.indices.length;
    const onImages = reportProgress('evaluating', total, context);
    const embed = async ({ indices }: Selection): Promise<LabelledVectors> => {
      const rows = await embedder.all(dataset, indices, context, onImages);
      const labels = Array.from(indices, (index) => dataset.labels![index]);
      return { data: rows, size: encoder.featureSize, labels };
    };
    const bank = await embed(parts.bank);
    const queries = await embed(parts.queries);
    await embedder.dispose();
    const found = await measure[protocol.kind]({ device, bank, queries, config, context }, protocol as never);
    return { ...found, bank: bank.labels.length, queries: queries.labels.length, step: meta.step };
  } finally {
    dataset.close();
    await device.dispose();
  }
};

interface Measured {
  readonly device: Device;
  readonly bank: LabelledVectors;
  readonly queries: LabelledVectors;
  readonly config: RunConfig;
  readonly context: JobContext;
}
type ProtocolOf<K extends Protocol['kind']> = Extract<Protocol, { kind: K }>;
type AnswerOf<K extends Protocol['kind']> = Extract<EvaluationAnswer, { kind: K }>;
type Found<A> = A extends unknown ? Omit<A, 'bank' | 'queries' | 'step'> : never;

const measure: {
  readonly [K in Protocol['kind']]: (on: Measured, protocol: ProtocolOf<K>) => Promise<Found<AnswerOf<K>>>;
} = {
  async knn({ device, bank, queries, config, context }, { k, temperature: asked }) {
    const temperature = asked ?? config.knn.temperature;
    const onBlock = () => breathe(context);
    const results = await classifyByNeighbours(device, bank, queries, { k, temperature, onBlock });
    const byK = <T>(of: (result: (typeof results)[number]) => T) =>
      Object.fromEntries(k.map((wanted, i) => [wanted, of(results[i])]));
    return {
      kind: 'knn',
      accuracy: byK(({ accuracy }) => accuracy),
      voters: byK(({ k: voters }) => voters),
      temperature,
    };
  },

  async linear({ device, bank, queries, config, context }, { epochs, batchSize, learningRates }) {
    const probe = (from: LabelledVectors, to: LabelledVectors, learningRate: number) =>
      linearProbe(device, from, to, {
        epochs,
        batchSize,
        learningRate,
        seed: config.seed,
        onEpoch: () => breathe(context),
      });
    const grid: { learningRate: number; heldOutAccuracy: number }[] = [];
    if (learningRates.length > 1) {
      const { kept, heldOut } = splitBank(bank, config.seed);
      for (const learningRate of learningRates) {
        const { accuracy } = await probe(kept, heldOut, learningRate);
        grid.push({ learningRate, heldOutAccuracy: accuracy });
      }
    }
    const best = grid.reduce<(typeof grid)[number] | null>(
      (a, b) => (a && a.heldOutAccuracy >= b.heldOutAccuracy ? a : b),
      null,
    );
    const learningRate = best?.learningRate ?? learningRates[0];
    const { accuracy, bankAccuracy } = await probe(bank, queries, learningRate);
    return {
      kind: 'linear',
      accuracy,
      bankAccuracy,
      epochs,
      learningRate,
      grid: grid.length > 0 ? grid : null,
    };
  },

  async 'few-shot'({ bank, queries, config, context }, { shots, draws }) {
    const found = [];
    for (const count of shots) {
      const onDraw = () => breathe(context);
      found.push(await fewShot(bank, queries, { shots: count, draws, seed: config.seed, onDraw }));
    }
    return { kind: 'few-shot', draws, shots: found };
  },
};

/** A tenth of the bank, to choose a learning rate by, and the rest. */
function splitBank(bank: LabelledVectors, seed: number) {
  const count = bank.labels.length;
  const order = permutation(count, random(seed, 'subset', 5));
  const tenth = Math.max(1, Math.round(count / 10));
  return { heldOut: rowsOf(bank, order.subarray(0, tenth)), kept: rowsOf(bank, order.subarray(tenth)) };
}

function rowsOf({ data, size, labels }: LabelledVectors, rows: Uint32Array): LabelledVectors {
  const chosen = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    for (let j = 0; j < size; j++) chosen[i * size + j] = data[row * size + j];
  });
  return { data: chosen, size, labels: Array.from(rows, (row) => labels[row]) };
}

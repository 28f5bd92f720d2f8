/** Measures a run while it trains: weighted k-NN accuracy of the encoder, and of a classifier its accuracy. */
import { type Device, type HostTensors, type StepDefinition } from '../../engine';
import {
  classifyByNeighbours,
  createEmbeddingStep,
  createPredictionStep,
  embeddingState,
  encoderOf,
  type Encoder,
  type MethodModel,
} from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import { inferenceBatch, RowStep } from '../embedder';
import { breathe, type JobContext } from '../job';
import { rawPixels } from '../raw-pixels';
import { reportProgress } from '../report-progress';
import { allFinite, diverged } from './diverged';
import type { StepCounts } from './step-counts';
import type { Selection, TrainingData } from './training-data';

export interface Evaluated {
  readonly config: RunConfig;
  readonly encoder: Encoder;
  readonly model: MethodModel;
  readonly data: TrainingData;
  readonly counts: StepCounts;
}

export class Evaluator {
  private constructor(
    private readonly device: Device,
    private readonly run: Evaluated,
    private readonly embedder: RowStep | null,
    private readonly predictor: { readonly step: RowStep; readonly definition: StepDefinition } | null,
  ) {}

  /** @param state any state of the run, to begin with. */
  static async prepare(device: Device, run: Evaluated, state: HostTensors): Promise<Evaluator> {
    const { config, encoder, model, data } = run;
    if (!data.knn) return new Evaluator(device, run, null, null);
    const batch = inferenceBatch(config.data.imageSize);
    const embedding = createEmbeddingStep(encoder, batch, config.data);
    const embedder = await RowStep.prepare(device, embedding, 'embedding', embeddingState(encoderOf(state)));
    if (!model.predict || !sameClasses(data)) return new Evaluator(device, run, embedder, null);
    const definition = createPredictionStep(model, config.data.imageSize, batch, config.data);
    const step = await RowStep.prepare(device, definition, 'logits', averagedState(definition, state));
    return new Evaluator(device, run, embedder, { step, definition });
  }

  /**
   * @returns k-NN accuracy in [0, 1]; null where there are no labelled images to measure with.
   * @throws the signal's reason where it is aborted meanwhile.
   */
  async evaluate(state: HostTensors, step: number, context: JobContext): Promise<number | null> {
    const { config, data, counts } = this.run;
    const { channel } = context;
    if (!data.knn || !this.embedder) {
      if (step === 0) channel.log('info', `No k-NN accuracy: ${data.noKnn}.`);
      return null;
    }
    const { bank, queries } = data.knn;
    const epoch = step / counts.stepsPerEpoch;
    const onImages = reportProgress('evaluating', bank.indices.length + queries.indices.length, context, {
      epoch,
      epochs: counts.lastStep / counts.stepsPerEpoch,
    });
    await this.embedder.load(embeddingState(encoderOf(state)));
    const embed = ({ dataset, indices }: Selection) =>
      this.embedder!.all(dataset, indices, context, onImages);
    const [bankRows, queryRows] = [await embed(bank), await embed(queries)];
    if (step > 0 && !(allFinite(bankRows) && allFinite(queryRows)))
      throw diverged('embeddings became infinite', step, epoch, config.learningRate);
    const knn = await this.knn(bankRows, queryRows, context);
    const accuracy = await this.accuracy(state, context);

    const values = { knn, ...(accuracy !== null && { testAccuracy: accuracy }) };
    const time = Date.now();
    channel.metrics(Object.entries(values).map(([name, value]) => ({ name, step, epoch, time, value })));
    const measured = { step, epoch, ...values, k: config.knn.k, bank: bank.indices.length };
    const detail = { ...measured, queries: queries.indices.length };
    if (step === 0) await this.baseline(knn, detail, context);
    else
      channel.event(
        'evaluation',
        `k-NN accuracy ${percent(knn)} after epoch ${Number(epoch.toFixed(2))}.`,
        detail,
      );
    return knn;
  }

  async dispose(): Promise<void> {
    await this.embedder?.dispose();
    await this.predictor?.step.dispose();
  }

  /** What there is to be better than: the encoder before training, and no encoder at all. */
  private async baseline(
    before: number,
    detail: Record<string, unknown>,
    context: JobContext,
  ): Promise<void> {
    const { bank, queries } = this.run.data.knn!;
    const { mean, std } = this.run.config.data;
    const pixels = ({ dataset, indices }: Selection) => rawPixels(dataset, indices, { mean, std });
    const raw = await this.knn(pixels(bank), pixels(queries), context);
    const start = this.run.config.init ? 'the encoder it starts from' : 'the untrained encoder';
    context.channel.event(
      'baseline',
      `k-NN accuracy before training: ${percent(raw)} from raw pixels, ${percent(before)} from ${start}.`,
      {
        ...detail,
        rawPixels: raw,
        untrained: before,
      },
    );
  }

  private async knn(bankRows: Float32Array, queryRows: Float32Array, context: JobContext): Promise<number> {
    const { bank, queries } = this.run.data.knn!;
    const labelled = (data: Float32Array, { dataset, indices }: Selection) => ({
      data,
      size: data.length / indices.length,
      labels: Array.from(indices, (index) => dataset.labels![index]),
    });
    const { k, temperature } = this.run.config.knn;
    const [{ accuracy }] = await classifyByNeighbours(
      this.device,
      labelled(bankRows, bank),
      labelled(queryRows, queries),
      { k: [k], temperature, onBlock: () => breathe(context) },
    );
    return accuracy;
  }

  /** Share of the queries that the classifier gets right; null where the method is none. */
  private async accuracy(state: HostTensors, context: JobContext): Promise<number | null> {
    if (!this.predictor) return null;
    const { dataset, indices } = this.run.data.knn!.queries;
    await this.predictor.step.load(averagedState(this.predictor.definition, state));
    const logits = await this.predictor.step.all(dataset, indices, context);
    const classes = logits.length / indices.length;
    let right = 0;
    for (const [row, index] of indices.entries()) {
      const scores = logits.subarray(row * classes, (row + 1) * classes);
      if (scores.indexOf(Math.max(...scores)) === dataset.labels![index]) right++;
    }
    return right / indices.length;
  }
}

/** A classifier's labels mean the same in both only where the classes are the same. */
function sameClasses({ dataset, knn }: TrainingData): boolean {
  return knn?.queries.dataset.classes?.join('/') === dataset.classes?.join('/');
}

/** The tensors of a step, averaged where the run keeps an average. */
export function averagedState({ state: specs }: StepDefinition, state: HostTensors): HostTensors {
  return Object.fromEntries(Object.keys(specs).map((name) => [name, state[`ema/${name}`] ?? state[name]]));
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

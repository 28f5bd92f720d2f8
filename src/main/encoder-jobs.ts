/** Using a trained encoder: k-NN accuracy, embeddings of a folder, export. */
import { resolve } from 'node:path';
import * as z from 'zod';
import type { JobOf } from '../shared/protocol';
import { checkpointFiles, pickCheckpoint, type CheckpointFile } from './checkpoints';
import type { Host } from './host';
import { cacheFolder } from './library';
import { absolute } from './questions';
import type { Run } from './store/runs';
import type { JobHooks } from './supervisor/job-process';
import { runJob } from './supervisor/run-job';

export type JobOptions = JobHooks & { signal?: AbortSignal };

/** Which weights of a run: `last`, `best`, or a step. */
export interface EncoderChoice {
  run: string;
  checkpoint?: string;
}

const knnSchema = z.looseObject({
  /** Accuracy in [0, 1] for each k. */
  accuracy: z.record(z.string(), z.number()),
  bank: z.int(),
  queries: z.int(),
});
export type KnnAnswer = z.infer<typeof knnSchema>;

const answerSchema = z.record(z.string(), z.unknown());

/**
 * Weighted k-NN accuracy of the encoder.
 * @param options.data labelled images; the run's own where left out.
 */
export async function evaluateKnn(
  host: Host,
  choice: EncoderChoice,
  options: { data?: string; k: number[]; temperature?: number } & JobOptions,
): Promise<KnnAnswer & { checkpoint: CheckpointFile }> {
  const { run, checkpoint } = encoderOf(host, choice);
  const { data, knn } = run.config;
  const path = absolute(options.data ?? data.labelled ?? data.path);
  const job: JobOf<'knn'> = {
    kind: 'knn',
    checkpoint: checkpoint.path,
    config: run.config,
    data: datasetOf(host, run, path),
    k: options.k,
    temperature: options.temperature ?? knn.temperature,
  };
  const answer = await runJob(host.runner, job, knnSchema, options);
  if (host.library.access === 'own') {
    host.store.history.addEvaluation(run.id, {
      kind: 'knn',
      step: checkpoint.step,
      data: { ...answer, data: path, temperature: job.temperature },
    });
  }
  return { ...answer, checkpoint };
}

/** Writes the embedding of every image under `options.data` to `options.out`. */
export async function embed(
  host: Host,
  choice: EncoderChoice,
  options: { data: string; out: string; format: JobOf<'embed'>['format'] } & JobOptions,
): Promise<Record<string, unknown>> {
  const { run, checkpoint } = encoderOf(host, choice);
  const data = absolute(options.data);
  const job: JobOf<'embed'> = {
    kind: 'embed',
    checkpoint: checkpoint.path,
    config: run.config,
    data: datasetOf(host, run, data),
    out: resolve(options.out),
    format: options.format,
  };
  const report = await runJob(host.runner, job, answerSchema, options);
  if (host.library.access === 'own') {
    host.store.catalogue.addEmbeddingSet({
      run: run.id,
      checkpoint: checkpoint.path,
      dataPath: data,
      path: job.out,
      format: job.format,
      report,
    });
  }
  return { ...report, checkpoint };
}

/** Writes the encoder to `options.out`, for use outside Selvedge. */
export async function exportEncoder(
  host: Host,
  choice: EncoderChoice,
  options: { out: string; format: JobOf<'export'>['format'] } & JobOptions,
): Promise<Record<string, unknown>> {
  const { run, checkpoint } = encoderOf(host, choice);
  const job: JobOf<'export'> = {
    kind: 'export',
    checkpoint: checkpoint.path,
    config: run.config,
    out: resolve(options.out),
    format: options.format,
  };
  return { ...(await runJob(host.runner, job, answerSchema, options)), checkpoint };
}

function encoderOf(host: Host, choice: EncoderChoice): { run: Run; checkpoint: CheckpointFile } {
  const run = host.store.runs.get(choice.run);
  const files = checkpointFiles(host.library.folder, run.id, host.store.checkpoints.list(run.id));
  return { run, checkpoint: pickCheckpoint(files, run.id, choice.checkpoint) };
}

function datasetOf(host: Host, run: Run, path: string) {
  return { path, imageSize: run.config.data.imageSize, cacheDirectory: cacheFolder(host.library.folder) };
}

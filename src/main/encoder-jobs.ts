/** Using a trained encoder: evaluations, embeddings of a folder, export. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { evaluationAnswerSchema, type EvaluationAnswer, type Protocol } from '../shared/evaluation';
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

const answerSchema = z.record(z.string(), z.unknown());

/**
 * Measures the encoder by a protocol; the answer is kept with the run.
 * @param options.data labelled images; the run's own where left out.
 */
export async function evaluateEncoder(
  host: Host,
  choice: EncoderChoice,
  options: { data?: string | undefined; protocol: Protocol } & JobOptions,
): Promise<EvaluationAnswer & { checkpoint: CheckpointFile }> {
  const { run, checkpoint } = encoderOf(host, choice);
  const { data } = run.config;
  const path = absolute(options.data ?? data.labelled ?? data.path);
  const job: JobOf<'evaluate'> = {
    kind: 'evaluate',
    checkpoint: checkpoint.path,
    config: run.config,
    data: datasetOf(host, run, path),
    protocol: options.protocol,
  };
  const answer = await runJob(host.runner, job, evaluationAnswerSchema, options);
  if (host.library.access === 'own') {
    const { kind, ...found } = answer;
    host.store.history.addEvaluation(run.id, {
      kind,
      step: checkpoint.step,
      data: { ...found, data: path, feature: options.protocol.feature },
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
    host.store.catalogue.addEmbeddingFile({
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

/** One-off jobs: a question to a child, and its answer or an error a user can act on. */
import type * as z from 'zod';
import { UserError } from '../../shared/errors';
import type { Job } from '../../shared/protocol';
import { JobProcess, type JobHooks, type JobOutcome, type Runner } from './job-process';

/**
 * @param answer what the job answers; anything else is a bug of the runner.
 * @param options.signal ends the job early.
 * @throws UserError as the child gave it, or saying how the child was lost; Error where the child found a bug.
 */
export async function runJob<T>(
  runner: Runner,
  job: Job,
  answer: z.ZodType<T>,
  options: JobHooks & { signal?: AbortSignal } = {},
): Promise<T> {
  const child = new JobProcess(runner, job, options);
  const stop = () => child.stop();
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener('abort', stop);
  const { outcome, stopped } = await child.ended;
  options.signal?.removeEventListener('abort', stop);
  if (outcome.kind === 'answered') return answer.parse(outcome.value);
  if (stopped) throw new UserError('Stopped before it was done. Nothing was written.');
  throw errorOf(outcome);
}

/** What to throw for a job that has no answer. */
export function errorOf(outcome: Exclude<JobOutcome, { kind: 'answered' }>): Error {
  if (outcome.kind === 'lost') return new UserError(outcome.message, outcome.hint);
  const { message, hint, kind, stack } = outcome.failure;
  if (kind !== 'bug') return new UserError(message, hint ?? undefined, kind);
  const error = new Error(message);
  if (stack) error.stack = stack;
  return error;
}

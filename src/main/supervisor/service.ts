/** A child that lives on and answers request after request. */
import { messageOf, UserError } from '../../shared/errors';
import type { Job, ReplyFailure, RunnerMessage } from '../../shared/protocol';
import type { AnswerOf, KindOf, PayloadOf, ServiceRequests } from '../../shared/service';
import { JobProcess, type JobEnd, type Runner } from './job-process';
import { errorOf } from './run-job';

/** What `call` throws where a newer request took its place; nobody is to see it. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export class ServiceProcess<R extends ServiceRequests> {
  /** Settles once, never rejects. Whoever owns the service decides whether to start another. */
  readonly ended: Promise<JobEnd>;
  private readonly child: JobProcess;
  private readonly pending = new Map<number, Pending>();
  private end: Error | undefined;
  private nextId = 1;

  constructor(
    runner: Runner,
    job: Job,
    private readonly requests: R,
    private readonly hooks: { onMessage?: (message: RunnerMessage) => void } = {},
  ) {
    this.child = new JobProcess(runner, job, { onMessage: (message) => this.receive(message) });
    this.ended = this.child.ended.then((end) => {
      this.end = endedError(end);
      for (const waiting of this.pending.values()) waiting.reject(this.end);
      this.pending.clear();
      return end;
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * @param signal forgets the request; what has begun is done in vain.
   * @throws UserError as the child gave it, or saying that the child was lost; Superseded; the signal's reason;
   * Error for a bug of the child.
   */
  async call<K extends KindOf<R>>(
    kind: K,
    payload: PayloadOf<R, K>,
    signal?: AbortSignal,
  ): Promise<AnswerOf<R, K>> {
    signal?.throwIfAborted();
    if (this.end) throw this.end;
    const id = this.nextId++;
    const forget = () => {
      this.child.send({ type: 'cancel', id });
      this.pending.get(id)?.reject(signal?.reason);
    };
    signal?.addEventListener('abort', forget);
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        this.pending.set(id, { resolve, reject });
        this.child.send({ type: 'request', id, request: { kind, payload } });
      });
      const answer = this.requests[kind].answer.safeParse(value);
      if (!answer.success)
        throw new Error(`The answer to "${kind}" is not in the protocol: ${messageOf(answer.error)}`);
      return answer.data as AnswerOf<R, K>;
    } finally {
      signal?.removeEventListener('abort', forget);
      this.pending.delete(id);
    }
  }

  /** Ends the child; calls that wait are rejected. */
  stop(): void {
    this.child.stop();
  }

  private receive(message: RunnerMessage): void {
    if (message.type === 'reply') {
      const waiting = this.pending.get(message.id);
      if (message.ok) waiting?.resolve(message.value);
      else waiting?.reject(failureOf(message.failure));
    }
    this.hooks.onMessage?.(message);
  }
}

function failureOf({ message, hint, kind }: ReplyFailure): Error {
  if (kind === 'superseded') return new Superseded(message);
  return kind === 'bug' ? new Error(message) : new UserError(message, hint ?? undefined, kind);
}

function endedError({ outcome, stopped }: JobEnd): Error {
  if (stopped || outcome.kind === 'answered')
    return new UserError('The process that answers this was ended.', 'Try again.');
  return errorOf(outcome);
}

/** A child that answers requests: started when it is first needed, and again when it died. */
import { UserError } from '../../shared/errors';
import type { Job } from '../../shared/protocol';
import type { AnswerOf, KindOf, PayloadOf, ServiceRequests } from '../../shared/service';
import type { Runner } from '../supervisor/job-process';
import { ServiceProcess } from '../supervisor/service';

export class WarmService<R extends ServiceRequests> {
  private service: ServiceProcess<R> | null = null;
  private closed = false;

  constructor(
    private readonly runner: Runner,
    private readonly job: Job,
    private readonly requests: R,
  ) {}

  /** Starts the child, so that the first question is answered quickly. */
  warm(): void {
    if (!this.closed) this.running();
  }

  /** @throws UserError, Superseded and Error as {@link ServiceProcess.call}; UserError once it is closed. */
  call<K extends KindOf<R>>(
    kind: K,
    payload: PayloadOf<R, K>,
    signal?: AbortSignal,
  ): Promise<AnswerOf<R, K>> {
    // A child that is started now would outlive the app.
    if (this.closed)
      return Promise.reject(new UserError('Selvedge is closing, and answers nothing any more.'));
    return this.running().call(kind, payload, signal);
  }

  /** Says something to the child where there is one: it concerns what the child keeps in memory. */
  protected tell<K extends KindOf<R>>(kind: K, payload: PayloadOf<R, K>): void {
    this.service?.call(kind, payload).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.service?.stop();
    await this.service?.ended;
  }

  private running(): ServiceProcess<R> {
    if (this.service) return this.service;
    const service = new ServiceProcess(this.runner, this.job, this.requests);
    this.service = service;
    void service.ended.then(() => {
      if (this.service === service) this.service = null;
    });
    return service;
  }
}

/** The child that answers while a run is set up: started when it is first needed, and again when it died. */
import type { StudioAnswer, StudioKind, StudioPayload } from '../../shared/studio';
import type { Runner } from '../supervisor/job-process';
import { ServiceProcess } from '../supervisor/service';

export class Studio {
  private service: ServiceProcess | null = null;
  private closed = false;

  /** @param cacheDirectory where decoded images are kept. */
  constructor(
    private readonly runner: Runner,
    private readonly cacheDirectory: string,
  ) {}

  /** Starts the child, so that the first question is answered quickly. */
  warm(): void {
    if (!this.closed) this.running();
  }

  /** @throws UserError, Superseded and Error as {@link ServiceProcess.call}. */
  call<K extends StudioKind>(
    kind: K,
    payload: StudioPayload<K>,
    signal?: AbortSignal,
  ): Promise<StudioAnswer<K>> {
    return this.running().call(kind, payload, signal);
  }

  /** Tells the child, where there is one, that a folder has changed or is of no interest any more. */
  forget(path: string): void {
    this.service?.call('forget', { path }).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.service?.stop();
    await this.service?.ended;
  }

  private running(): ServiceProcess {
    if (this.service) return this.service;
    const service = new ServiceProcess(this.runner, {
      kind: 'studio',
      cacheDirectory: this.cacheDirectory,
    });
    this.service = service;
    void service.ended.then(() => {
      if (this.service === service) this.service = null;
    });
    return service;
  }
}

/** What a job of the runner is: a function of its request, a channel to talk on, and a signal to stop. */
import { setImmediate } from 'node:timers/promises';
import type { Job, JobOf } from '../shared/protocol';
import type { Channel } from './channel';
import type { PauseGate } from './pause';
import type { Inbox } from './service/inbox';

export interface JobContext {
  readonly channel: Channel;
  /** Aborted by a stop request. Training then ends with a checkpoint, other jobs throw. */
  readonly signal: AbortSignal;
  /** Training waits here between steps. */
  readonly gate: PauseGate;
  /** What a service is asked. */
  readonly inbox: Inbox;
}

export type RunJob<K extends Job['kind']> = (job: JobOf<K>, context: JobContext) => Promise<unknown>;
/** Loaded when asked for, so that a light job does not wait for the heavy ones' libraries. */
export type Jobs = { readonly [K in Job['kind']]: () => Promise<RunJob<K>> };

/**
 * Lets messages and timers through between pieces of blocking work.
 * @throws the signal's reason where it is aborted.
 */
export async function breathe({ channel, signal }: JobContext): Promise<void> {
  channel.heartbeat();
  await setImmediate();
  signal.throwIfAborted();
}

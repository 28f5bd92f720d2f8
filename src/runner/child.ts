/** The life of a child process: says it is ready, does the one job it is given, answers, ends. */
import { z } from 'zod';
import { messageOf, UserError } from '../shared/errors';
import { hostMessageSchema, type HostMessage, type Job } from '../shared/protocol';
import { BadCheckpoint } from './bad-checkpoint';
import { Channel, type Outgoing } from './channel';
import type { JobContext, Jobs } from './job';
import { PauseGate } from './pause';
import { Inbox } from './service/inbox';

/** The part of `process` that the child needs; tests bring their own. */
export interface Host {
  readonly pid: number;
  send(message: unknown, callback: () => void): void;
  readonly connected: boolean;
  on(event: string, listener: (argument: unknown) => void): unknown;
  exit(code: number): void;
}

/** An orphan must end even where its job does not notice the signal, milliseconds. */
const ORPHAN_GRACE = 120_000;

/** Listens to the host from now on. */
export function serve(host: Host, jobs: Jobs): void {
  const channel = new Channel((message, sent) => {
    if (host.connected) host.send(message, sent);
    else sent();
  });
  const stopping = new AbortController();
  const stop = () => stopping.abort(new UserError('Stopped before it was done.', 'Start it again.'));
  const gate = new PauseGate();
  const inbox = new Inbox();
  const context: JobContext = { channel, signal: stopping.signal, gate, inbox };
  const heartbeat = setInterval(() => channel.heartbeat(), 1000);
  let begun = false;

  const end = async (answer: Outgoing, code: number) => {
    clearInterval(heartbeat);
    channel.send(answer);
    await channel.drained();
    host.exit(code);
  };
  const begin = async (job: Job) => {
    if (begun) return;
    begun = true;
    try {
      await end({ type: 'result', value: await perform(jobs, job, context) }, 0);
    } catch (error) {
      await end(describeFailure(error), 1);
    }
  };

  const obey = (message: HostMessage): void => {
    if (message.type === 'start') void begin(message.job);
    else if (message.type === 'stop') stop();
    else if (message.type === 'pause') gate.pause();
    else if (message.type === 'unpause') gate.unpause();
    else if (message.type === 'request') inbox.put(message.id, message.request);
    else if (message.type === 'cancel') inbox.withdraw(message.id);
    else message satisfies never;
  };
  host.on('message', (raw) => {
    const message = hostMessageSchema.safeParse(raw);
    if (message.success) obey(message.data);
    else void end(describeFailure(malformed(message.error)), 1);
  });
  host.on('SIGTERM', () => {
    stop();
    // Nothing has heard that: no job was given yet, and none will be.
    if (!begun) host.exit(0);
  });
  // A terminal sends Ctrl-C to the whole group; the host decides what it means.
  host.on('SIGINT', () => undefined);
  host.on('disconnect', () => {
    stop();
    if (begun) setTimeout(() => host.exit(1), ORPHAN_GRACE).unref();
    else host.exit(0);
  });
  for (const event of ['uncaughtException', 'unhandledRejection'])
    host.on(event, (error) => void end(describeFailure(error), 1));
  channel.send({ type: 'ready', pid: host.pid, node: process.versions.node });
}

async function perform(jobs: Jobs, job: Job, context: JobContext): Promise<unknown> {
  // TypeScript does not follow that the job and its entry of the table have the same kind.
  const run = (await jobs[job.kind]()) as (job: Job, context: JobContext) => Promise<unknown>;
  return run(job, context);
}

/** Another build's host, or a bug: the job must not half-work. */
function malformed(error: z.ZodError): Error {
  return new Error(`The host sent a message that is not in the protocol: ${z.prettifyError(error)}`);
}

function describeFailure(error: unknown): Outgoing {
  if (error instanceof UserError)
    return {
      type: 'failed',
      message: error.message,
      hint: error.hint ?? null,
      kind: error.kind,
      stack: null,
      ...(error instanceof BadCheckpoint && { code: 'bad-checkpoint' as const }),
    };
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  return { type: 'failed', message: messageOf(error), hint: null, kind: 'bug', stack };
}

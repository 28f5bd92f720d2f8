/** Asks a service as the host would, without a process. */
import { onTestFinished } from 'vitest';
import type { JobContext } from '../../src/runner/job';
import type { RunnerMessage } from '../../src/shared/protocol';
import type { AnswerOf, KindOf, PayloadOf, ServiceRequests } from '../../src/shared/service';
import { recorded } from './fixtures';

type Reply = Extract<RunnerMessage, { type: 'reply' }>;

/** @param run the service, which ends with the test. @returns asks one request; throws "kind: message (hint)". */
export function asking<R extends ServiceRequests>(
  requests: R,
  run: (context: JobContext) => Promise<unknown>,
): <K extends KindOf<R>>(kind: K, payload: PayloadOf<R, K>) => Promise<AnswerOf<R, K>> {
  const waiting = new Map<number, (reply: Reply) => void>();
  const context = recorded((message) => {
    if (message.type === 'reply') waiting.get(message.id)?.(message);
  });
  const done = run(context);
  onTestFinished(async () => {
    context.stop();
    await done;
  });
  let id = 0;
  return async (kind, payload) => {
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(++id, resolve);
      context.inbox.put(id, { kind, payload });
    });
    if (!reply.ok) throw new Error(`${reply.failure.kind}: ${reply.failure.message} (${reply.failure.hint})`);
    return requests[kind].answer.parse(reply.value) as AnswerOf<R, typeof kind>;
  };
}

/** Answers a service's requests one after another until it is stopped; no request can end it. */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, UserError } from '../../shared/errors';
import type { ReplyFailure } from '../../shared/protocol';
import { serviceRequestSchema, type KindOf, type ServiceRequests } from '../../shared/service';
import type { JobContext } from '../job';
import type { Letter } from './inbox';

export type Handlers<R extends ServiceRequests> = {
  readonly [K in KindOf<R>]: (
    payload: z.output<R[K]['payload']>,
  ) => z.input<R[K]['answer']> | Promise<z.input<R[K]['answer']>>;
};

/** What a service can be asked, and what matters of requests that wait. */
export interface Service<R extends ServiceRequests> {
  readonly requests: R;
  /** Of requests that wait, those of an earlier kind go first. */
  readonly order: readonly KindOf<R>[];
  /** Of these only the newest is of interest. */
  readonly newestOnly?: readonly KindOf<R>[];
  readonly handlers: Handlers<R>;
}

/** Ends when the signal is aborted. */
export async function serveRequests<R extends ServiceRequests>(
  service: Service<R>,
  context: JobContext,
): Promise<void> {
  const { inbox, channel, signal } = context;
  const refuse = (id: number, failure: ReplyFailure) =>
    channel.send({ type: 'reply', id, ok: false, failure });
  while (await inbox.wait(signal)) {
    // What was said at once is seen at once.
    await setImmediate();
    for (const old of outdated(inbox.letters, service.newestOnly ?? [])) {
      inbox.withdraw(old.id);
      refuse(old.id, { message: 'A newer request took its place', hint: null, kind: 'superseded' });
    }
    const next = first(inbox.letters, service.order);
    if (!next) continue;
    inbox.withdraw(next.id);
    try {
      channel.send({ type: 'reply', id: next.id, ok: true, value: await answer(next, service) });
    } catch (error) {
      refuse(next.id, failureOf(error));
      if (!(error instanceof UserError)) channel.log('error', stackOf(error));
    }
  }
}

async function answer<R extends ServiceRequests>(
  { request }: Letter,
  { requests, handlers }: Service<R>,
): Promise<unknown> {
  const { kind, payload } = check(serviceRequestSchema, request, 'A request');
  if (!Object.hasOwn(handlers, kind)) throw new Error(`There is no request of kind "${kind}"`);
  const checked = check(requests[kind].payload, payload, `The request "${kind}"`);
  // TypeScript does not follow that the payload and its handler are of the same kind.
  const value = await (handlers[kind as KindOf<R>] as (payload: unknown) => unknown)(checked);
  return check(requests[kind].answer, value, `The answer to "${kind}"`);
}

/** @throws Error: the two sides do not fit together, which no user can help. */
function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${what} is not in the protocol: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const kindOf = ({ request }: Letter): string => {
  const parsed = serviceRequestSchema.safeParse(request);
  return parsed.success ? parsed.data.kind : '';
};

function outdated(letters: readonly Letter[], newestOnly: readonly string[]): Letter[] {
  return letters.filter((letter, at) => {
    const kind = kindOf(letter);
    return newestOnly.includes(kind) && letters.slice(at + 1).some((later) => kindOf(later) === kind);
  });
}

/** The oldest of the most urgent kind. Unknown kinds go first: they are only refused. */
function first(letters: readonly Letter[], order: readonly string[]): Letter | undefined {
  return letters.toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)))[0];
}

function failureOf(error: unknown): ReplyFailure {
  if (!(error instanceof UserError)) return { message: messageOf(error), hint: null, kind: 'bug' };
  return { message: error.message, hint: error.hint ?? null, kind: error.kind };
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

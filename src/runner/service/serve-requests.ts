/** Answers a service's requests one after another until it is stopped; no request can end it. */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, UserError } from '../../shared/errors';
import type { ReplyFailure } from '../../shared/protocol';
import { studioRequests, studioRequestSchema, type StudioKind } from '../../shared/studio';
import type { JobContext } from '../job';
import type { Letter } from './inbox';

export type Handlers = {
  readonly [K in StudioKind]: (
    payload: z.output<(typeof studioRequests)[K]['payload']>,
  ) => z.input<(typeof studioRequests)[K]['answer']> | Promise<z.input<(typeof studioRequests)[K]['answer']>>;
};

/** Of requests that wait, those of an earlier kind go first: a form must not wait for a page of thumbnails. */
const ORDER: readonly string[] = [
  'forget',
  'resolve',
  'catalogue',
  'views',
  'images',
  'thumbnail',
] satisfies StudioKind[];
/** Of these only the newest is of interest. */
const NEWEST_ONLY: ReadonlySet<string> = new Set<StudioKind>(['views']);

/** Ends when the signal is aborted. */
export async function serveRequests(handlers: Handlers, context: JobContext): Promise<void> {
  const { inbox, channel, signal } = context;
  const refuse = (id: number, failure: ReplyFailure) =>
    channel.send({ type: 'reply', id, ok: false, failure });
  while (await inbox.wait(signal)) {
    // What was said at once is seen at once.
    await setImmediate();
    for (const old of outdated(inbox.letters)) {
      inbox.withdraw(old.id);
      refuse(old.id, { message: 'A newer request took its place', hint: null, kind: 'superseded' });
    }
    const next = first(inbox.letters);
    if (!next) continue;
    inbox.withdraw(next.id);
    try {
      channel.send({ type: 'reply', id: next.id, ok: true, value: await answer(next, handlers) });
    } catch (error) {
      refuse(next.id, failureOf(error));
      if (!(error instanceof UserError)) channel.log('error', stackOf(error));
    }
  }
}

async function answer({ request }: Letter, handlers: Handlers): Promise<unknown> {
  const { kind, payload } = check(studioRequestSchema, request, 'A request');
  if (!Object.hasOwn(handlers, kind)) throw new Error(`There is no request of kind "${kind}"`);
  const known = kind as StudioKind;
  const checked = check(studioRequests[known].payload as z.ZodType, payload, `The request "${kind}"`);
  // TypeScript does not follow that the payload and its handler are of the same kind.
  const value = await (handlers[known] as (payload: unknown) => unknown)(checked);
  return check(studioRequests[known].answer as z.ZodType, value, `The answer to "${kind}"`);
}

/** @throws Error: the two sides do not fit together, which no user can help. */
function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${what} is not in the protocol: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const kindOf = ({ request }: Letter): string => {
  const parsed = studioRequestSchema.safeParse(request);
  return parsed.success ? parsed.data.kind : '';
};

function outdated(letters: readonly Letter[]): Letter[] {
  return letters.filter((letter, at) => {
    const kind = kindOf(letter);
    return NEWEST_ONLY.has(kind) && letters.slice(at + 1).some((later) => kindOf(later) === kind);
  });
}

/** The oldest of the most urgent kind. Unknown kinds go first: they are only refused. */
function first(letters: readonly Letter[]): Letter | undefined {
  return letters.toSorted((a, b) => ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b)))[0];
}

function failureOf(error: unknown): ReplyFailure {
  if (!(error instanceof UserError)) return { message: messageOf(error), hint: null, kind: 'bug' };
  return { message: error.message, hint: error.hint ?? null, kind: error.kind };
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

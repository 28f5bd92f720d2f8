/** What a call to the host can come back with that is no answer. */
import { ORPCError } from '@orpc/client';
import * as z from 'zod';
import { messageOf } from '../../../shared/errors';

/** A refusal or a lost connection, as sentences for the user. */
export class HostError extends Error {
  override readonly name = 'HostError';

  constructor(
    message: string,
    readonly hint: string | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Problem {
  message: string;
  hint: string | null;
}

/** What to show for anything thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HostError) return { message: error.message, hint: error.hint };
  return { message: messageOf(error), hint: null };
}

const hintData = z.object({ hint: z.string().nullable() });
const issueData = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })),
});

/** Any error of a call, turned into one that can be shown. Aborts stay what they are. */
export function toHostError(error: unknown): unknown {
  if (error instanceof HostError || isAbort(error)) return error;
  if (!(error instanceof ORPCError)) {
    return new HostError('The connection to the host was lost before it answered.', messageOf(error), {
      cause: error,
    });
  }
  const data: unknown = error.data;
  if (error.code === 'REFUSED') {
    return new HostError(error.message, hintData.safeParse(data).data?.hint ?? null, { cause: error });
  }
  if (error.code === 'BAD_REQUEST') {
    const issues = issueData.safeParse(data).data?.issues ?? [];
    const said = issues.map(({ path, message }) => `${path?.map(String).join('.') || 'input'}: ${message}`);
    return new HostError('The host did not understand the request.', said.join('; ') || error.message, {
      cause: error,
    });
  }
  return new HostError(
    'The host could not do that: an error that it did not expect.',
    `${error.message} Its log says more.`,
    { cause: error },
  );
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

const problemBody = z.object({ message: z.string(), hint: z.string().nullish() });

/**
 * Fetches from the host's file handler.
 * @throws HostError where it is not there or refuses.
 */
export async function fetchFromHost(url: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new HostError('The host does not answer.', 'It is tried again as soon as it is back.', {
      cause: error,
    });
  }
  if (response.ok) return response;
  const body = problemBody.safeParse(await response.json().catch(() => undefined)).data;
  throw new HostError(body?.message ?? `The host answered ${response.status}.`, body?.hint ?? null);
}

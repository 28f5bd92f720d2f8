/** How what was thrown becomes what a window is told. */
import { ORPCError } from '@orpc/server';
import { UserError } from '../../shared/errors';
import { Superseded } from '../supervisor/service';

const BUG = 'Something went wrong inside Selvedge. The log of its terminal says what.';

/**
 * A refusal keeps its words, a bad input names what is wrong with it, and anything else is a bug: it is logged, and
 * the window learns nothing of its insides.
 * @param where the procedure, for the log.
 */
export function toAnswer(error: unknown, where: string): unknown {
  if (error instanceof Superseded) return refusal('A newer question took the place of this one.', null);
  if (error instanceof UserError) return refusal(error.message, error.hint ?? null);
  if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  console.error(`A bug in ${where}:`, error instanceof ORPCError ? (error.cause ?? error) : error);
  return new ORPCError('INTERNAL_SERVER_ERROR', { message: BUG });
}

const refusal = (message: string, hint: string | null) =>
  new ORPCError('REFUSED', { status: 422, message, data: { hint } });

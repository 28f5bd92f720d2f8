/** Procedures that ask embedding sets: nearest neighbours, and where an encoder looks. */
import { os, type Parts } from '../parts';

export function searchProcedure({ search }: Parts) {
  return os.explorer.search.handler(({ input, signal }) => search.query(input, signal));
}

export function prepareProcedure({ search }: Parts) {
  return os.explorer.prepare.handler(({ input, signal }) => search.prepare(input.set, signal));
}

export function attentionProcedure({ search }: Parts) {
  return os.explorer.attention.handler(({ input, signal }) => search.attention(input, signal));
}

/** Procedures that ask embedding sets: nearest neighbours, and where an encoder looks. */
import { os, type Parts } from '../parts';
import { notYet } from './not-yet';

export function searchProcedure(_parts: Parts) {
  return os.explorer.search.handler(notYet);
}

export function attentionProcedure(_parts: Parts) {
  return os.explorer.attention.handler(notYet);
}

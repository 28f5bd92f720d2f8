/** Procedures of retrieval measurements. */
import { os, type Parts } from '../parts';
import { notYet } from './not-yet';

export function measuresProcedures(_parts: Parts) {
  const { measures } = os.explorer;
  return { measure: measures.measure.handler(notYet), list: measures.list.handler(notYet) };
}

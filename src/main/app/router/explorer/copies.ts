/** Procedures that find copies. */
import { os, type Parts } from '../parts';
import { notYet } from './not-yet';

export function copiesProcedures(_parts: Parts) {
  const { copies } = os.explorer;
  return {
    check: copies.check.handler(notYet),
    find: copies.find.handler(notYet),
    facts: copies.facts.handler(notYet),
  };
}

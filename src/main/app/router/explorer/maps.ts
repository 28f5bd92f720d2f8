/** Procedures of maps. */
import { os, type Parts } from '../parts';
import { notYet } from './not-yet';

export function mapsProcedures(_parts: Parts) {
  const { maps } = os.explorer;
  return { make: maps.make.handler(notYet), info: maps.info.handler(notYet) };
}

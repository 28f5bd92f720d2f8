/** Procedures of the explorer, one file a subject. */
import type { Parts } from '../parts';
import { copiesProcedures } from './copies';
import { mapsProcedures } from './maps';
import { measuresProcedures } from './measures';
import { attentionProcedure, prepareProcedure, searchProcedure } from './search';
import { encodersProcedures, setsProcedures } from './sets';

export function explorerProcedures(parts: Parts) {
  return {
    encoders: encodersProcedures(parts),
    sets: setsProcedures(parts),
    search: searchProcedure(parts),
    prepare: prepareProcedure(parts),
    attention: attentionProcedure(parts),
    copies: copiesProcedures(parts),
    maps: mapsProcedures(parts),
    measures: measuresProcedures(parts),
  };
}

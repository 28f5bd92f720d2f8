/** Procedures of the explorer. */
import { UserError } from '../../../shared/errors';
import { os, type Parts } from './parts';

const notYet = (): never => {
  throw new UserError('This part of the explorer is not built yet.');
};

export function explorerProcedures(_parts: Parts) {
  const { encoders, sets, search, attention, copies, maps, measures } = os.explorer;
  return {
    encoders: {
      list: encoders.list.handler(notYet),
      add: encoders.add.handler(notYet),
      remove: encoders.remove.handler(notYet),
    },
    sets: {
      list: sets.list.handler(notYet),
      embed: sets.embed.handler(notYet),
      update: sets.update.handler(notYet),
      cancel: sets.cancel.handler(notYet),
      remove: sets.remove.handler(notYet),
      export: sets.export.handler(notYet),
      reveal: sets.reveal.handler(notYet),
    },
    search: search.handler(notYet),
    attention: attention.handler(notYet),
    copies: {
      check: copies.check.handler(notYet),
      find: copies.find.handler(notYet),
      facts: copies.facts.handler(notYet),
    },
    maps: { make: maps.make.handler(notYet), info: maps.info.handler(notYet) },
    measures: { measure: measures.measure.handler(notYet), list: measures.list.handler(notYet) },
  };
}

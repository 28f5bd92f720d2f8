/** Procedures that find copies. */
import { checkCopiesRequest, findCopies } from '../../../embedding/copies';
import { hearingWork } from '../../embedding-sets';
import { os, type Parts } from '../parts';

export function copiesProcedures({ library, sets, search }: Parts) {
  const { copies } = os.explorer;
  return {
    check: copies.check.handler(({ input, signal }) => search.checkCopy(input, signal)),
    find: copies.find.handler(({ input: { set } }) => {
      checkCopiesRequest(library.owned, set);
      return sets.work(set, 'copies', async (hooks) => ({
        copies: await findCopies(library.owned, set, hearingWork(hooks)),
      }));
    }),
    facts: copies.facts.handler(({ input: { set, rows }, signal }) => search.rowFacts(set, rows, signal)),
  };
}

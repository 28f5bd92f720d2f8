/** Procedures of retrieval measurements. */
import { listMeasures, measureSet } from '../../../embedding/measures';
import { hearingWork } from '../../embedding-sets';
import { os, type Parts } from '../parts';

export function measuresProcedures({ library, sets }: Parts) {
  const { measures } = os.explorer;
  return {
    measure: measures.measure.handler(({ input: { set, protocol } }) =>
      sets.work(set, 'measuring', async (hooks) => {
        await measureSet(library.owned, set, protocol, hearingWork(hooks));
      }),
    ),
    list: measures.list.handler(({ input: { set } }) => listMeasures(library.host, set)),
  };
}

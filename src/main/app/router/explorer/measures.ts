/** Procedures of retrieval measurements. */
import type { ChosenProtocol, RetrievalProtocol } from '../../../../shared/explorer/retrieval';
import { listMeasures, measureSet } from '../../../embedding/measures';
import { hearingWork } from '../../embedding-sets';
import { os, type Parts } from '../parts';

export function measuresProcedures({ library, sets, places }: Parts) {
  const { measures } = os.explorer;
  const protocolOf = (chosen: ChosenProtocol): RetrievalProtocol => {
    if (chosen.kind !== 'ground-truth') return chosen;
    const { place, ...rest } = chosen;
    return { ...rest, file: places.pathOf(place) };
  };
  return {
    measure: measures.measure.handler(({ input: { set, protocol: chosen } }) => {
      const protocol = protocolOf(chosen);
      return sets.work(set, 'measuring', async (hooks) => {
        await measureSet(library.owned, set, protocol, hearingWork(hooks));
      });
    }),
    list: measures.list.handler(({ input: { set } }) => listMeasures(library.host, set)),
  };
}

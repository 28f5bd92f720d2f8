/** Procedures of maps. */
import { checkMapRequest, makeMap, readMapInfo } from '../../../embedding/maps';
import { hearingWork } from '../../embedding-sets';
import { os, type Parts } from '../parts';

export function mapsProcedures({ library, sets }: Parts) {
  const { maps } = os.explorer;
  return {
    make: maps.make.handler(({ input }) => {
      checkMapRequest(library.owned, input);
      return sets.work(input.set, 'map', async (hooks) => {
        await makeMap(library.owned, input, hearingWork(hooks));
        const known = sets.get(input.set).maps;
        return { maps: known.includes(input.method) ? known : [...known, input.method] };
      });
    }),
    info: maps.info.handler(({ input: { set, method } }) => readMapInfo(library.host, set, method)),
  };
}

/** Procedures of setting up a run. */
import { os, type Parts } from './parts';

export function setUpProcedures({ setUp, studio }: Parts) {
  return {
    catalogue: os.setUp.catalogue.handler(({ signal }) => studio.call('catalogue', {}, signal)),
    resolve: os.setUp.resolve.handler(({ input, signal }) => setUp.resolve(input, signal)),
    inspectWeights: os.setUp.inspectWeights.handler(({ input: { place }, signal }) =>
      setUp.inspectWeights(place, signal),
    ),
    views: os.setUp.views.handler(({ input: { draft, count, round }, signal }) =>
      setUp.views(draft, count, round, signal),
    ),
    estimate: os.setUp.estimate.handler(({ input, signal }) => setUp.estimate(input, signal)),
  };
}

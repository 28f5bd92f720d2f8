/** Procedures of experiments. */
import { os, type Parts } from './parts';

export function experimentProcedures({ experiments, dataSets }: Parts) {
  return {
    catalogue: os.experiments.catalogue.handler(() => experiments.catalogue()),
    list: os.experiments.list.handler(() => experiments.list()),
    start: os.experiments.start.handler(({ input: { dataset, labelled, ...start } }) =>
      experiments.start(start, {
        data: dataSets.get(dataset).path,
        labelled: labelled === null ? null : dataSets.get(labelled).path,
      }),
    ),
    stop: os.experiments.stop.handler(({ input: { name } }) => experiments.stop(name)),
    continue: os.experiments.continue.handler(({ input: { name } }) => experiments.continue(name)),
  };
}

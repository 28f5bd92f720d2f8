/** The contract of src/shared/api/contract.ts, kept. */
import { datasetProcedures, folderProcedures } from './datasets';
import { experimentProcedures } from './experiments';
import { explorerProcedures } from './explorer';
import { eventProcedure, hostProcedures } from './host';
import { os, type Parts } from './parts';
import { runProcedures } from './runs';
import { setUpProcedures } from './set-up';

export function createRouter(parts: Parts) {
  return os.router({
    host: hostProcedures(parts),
    events: eventProcedure(parts),
    setUp: setUpProcedures(parts),
    runs: runProcedures(parts),
    datasets: datasetProcedures(parts),
    folders: folderProcedures(parts),
    experiments: experimentProcedures(parts),
    explorer: explorerProcedures(parts),
  });
}
export type AppRouter = ReturnType<typeof createRouter>;

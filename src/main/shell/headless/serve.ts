/** Serves a library to browsers on this machine until the process is told to stop. */
import { databasePath } from '../../library';
import { createApi } from '../api';
import { builtPages } from '../pages';
import { openRunSource } from '../run-source';
import { startServer, type HeadlessServer } from './server';

/**
 * @param port 0 takes any free one.
 * @throws UserError where the port cannot be had.
 */
export async function serve(library: string, port = 0): Promise<HeadlessServer> {
  const runs = openRunSource(databasePath(library));
  const server = await startServer(createApi({ library, runs, pages: builtPages() }), port);
  return {
    ...server,
    close: async () => {
      await server.close();
      runs.close();
    },
  };
}

/** The headless program: `npm start` where there is no Electron. Options: --library <folder> --port N --no-open. */
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { messageOf, UserError } from '../../../shared/errors';
import { defaultLibraryFolder } from '../../library';
import { openBrowser } from './open-browser';
import { serve } from './serve';

try {
  const { values } = parseArgs({
    options: {
      library: { type: 'string' },
      port: { type: 'string', default: '0' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const library = values.library ? resolve(values.library) : defaultLibraryFolder();
  const server = await serve(library, portOf(values.port));
  console.log(`Selvedge is at ${server.url}\nCtrl-C stops it.`);
  if (!values['no-open']) openBrowser(server.url);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(messageOf(error));
  if (error instanceof UserError && error.hint) console.error(error.hint);
  process.exitCode = error instanceof UserError && error.kind === 'failed' ? 1 : 2;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(
    `--port is ${text}; it must be a whole number from 0 to 65535.`,
    'Leave it out for any free one.',
    'usage',
  );
}

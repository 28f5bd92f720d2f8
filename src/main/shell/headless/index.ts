/**
 * The headless program: `npm start` where there is no Electron.
 * Options: --library <folder> --port N --root <folder>... --no-open.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../../../shared/errors';
import { defaultLibraryFolder } from '../../library';
import { portOf, serve } from './serve';

try {
  const { values } = parseArgs({
    options: {
      library: { type: 'string' },
      port: { type: 'string', default: '0' },
      root: { type: 'string', multiple: true, default: [] },
      'no-open': { type: 'boolean', default: false },
    },
  });
  await serve(
    {
      // Built to out/main/headless.js, beside out/runner/.
      runner: { script: fileURLToPath(new URL('../runner/index.js', import.meta.url)) },
      library: values.library ? resolve(values.library) : defaultLibraryFolder(),
      port: portOf(values.port),
      roots: values.root,
      open: !values['no-open'],
    },
    {
      say: (text) => console.log(text),
      onInterrupt: (handler) => {
        const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
        for (const signal of signals) process.on(signal, handler);
        return () => signals.forEach((signal) => process.off(signal, handler));
      },
    },
  );
} catch (error) {
  console.error(messageOf(error));
  if (error instanceof UserError && error.hint) console.error(error.hint);
  process.exitCode = error instanceof UserError && error.kind === 'failed' ? 1 : 2;
}

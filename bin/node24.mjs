/** Finds the Node 24 that npm installed with Selvedge. Runs on any Node from 20 on, so it is plain JavaScript. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** @returns the path of the Node binary of the `node` package, or undefined where its install script did not run. */
export function findNode24() {
  let folder;
  try {
    folder = join(dirname(require.resolve('node/package.json')), 'bin');
  } catch {
    return undefined;
  }
  const binary = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : undefined;
}

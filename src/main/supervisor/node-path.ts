/** Which Node runs the children: native code must not run in Electron's own binary, and needs Node 24. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../shared/errors';

/**
 * This process's own binary where it is Node 24 or later, else the one of the `node` package.
 * @throws UserError where neither is there.
 */
export function nodePath(versions: NodeJS.ProcessVersions = process.versions): string {
  const isNode24 = !versions['electron'] && Number(versions.node.split('.')[0]) >= 24;
  if (isNode24) return process.execPath;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', binary);
    if (existsSync(path)) return path;
  } catch {
    // Not installed: the error below says what to do.
  }
  throw new UserError(
    'Training runs under Node 24, and the `node` package that brings it is not installed.',
    'Run `npm ci` again in the folder of Selvedge.',
  );
}

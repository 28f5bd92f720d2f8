/** What Electron was started with: --library <folder>, --root <folder>. Chromium's own switches are passed over. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../../../shared/errors';
import { defaultLibraryFolder } from '../../library';

export interface StartOptions {
  library: string;
  /** Folders under which a typed path may lie; dialogs and drops may choose anything. */
  roots: string[];
}

/**
 * @param args without the program.
 * @throws UserError where an option lacks its value.
 */
export function startOptions(args: readonly string[], workingDirectory = process.cwd()): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { library: { type: 'string' }, root: { type: 'string', multiple: true } },
    // Chromium and Electron add switches of their own.
    strict: false,
    allowPositionals: true,
  });
  const folders = (name: 'library' | 'root'): string[] =>
    [values[name] ?? []].flat().map((value) => {
      if (typeof value === 'string' && value !== '') return resolve(workingDirectory, value);
      throw new UserError(`--${name} needs a folder.`, `For example: --${name} ${homedir()}`, 'usage');
    });
  const roots = folders('root');
  return {
    library: folders('library').at(-1) ?? defaultLibraryFolder(),
    roots: roots.length > 0 ? roots : [homedir()],
  };
}

/** What the lock file must keep, so that `npm ci` works with npm 10 and 11, everywhere and without GitHub or NuGet. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';

const entrySchema = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  optional: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const { packages } = z
  .object({ packages: z.record(z.string(), entrySchema) })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));

test('it names no registry', () => {
  expect(Object.keys(packages).filter((path) => packages[path].resolved !== undefined)).toEqual([]);
});

test('it knows the packages of every platform, as npm 11 demands', () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isInstalledFor(path, name))
      .map((name) => `${name} of ${path}`),
  );
  expect(missing).toEqual([]);
});

/**
 * onnxruntime-node's script fetches CUDA libraries of 300 MB from NuGet and ends the whole install where it cannot.
 * npm 11 leaves it out by "allowScripts" of package.json. npm 10 runs a script only where the lock file says there
 * is one: after an update of the package, delete its "hasInstallScript" line by hand.
 */
test('no required package but node has an install script', () => {
  const withScript = Object.entries(packages)
    .filter(([, entry]) => entry.hasInstallScript && !entry.optional)
    .map(([path]) => path);
  expect(withScript).toEqual(['node_modules/node']);
});

/** Whether a package at `path` would find `name`, in its own folder or in one above. */
function isInstalledFor(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

/** Starts the built main bundle in this process, with a stand-in where it imports electron. */
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StandIn } from './index';

const main = join(import.meta.dirname, '../../../../out/main/electron.js');
if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build before these tests`);
const builtFolder = pathToFileURL(join(main, '..')).href;

const { nativeImport } = createRequire(import.meta.url)('../fixtures/native-import.mjs') as {
  nativeImport: (url: string) => Promise<unknown>;
};

let starts = 0;

/**
 * @param args of the command line.
 * @returns a function that takes the shell's listeners off this process.
 */
export async function loadShell(standIn: StandIn, args: readonly string[]): Promise<() => void> {
  const start = `?start=${++starts}`;
  const key = `selvedge electron stand-in ${start}`;
  (globalThis as Record<string, unknown>)[key] = standIn.module;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!context.parentURL?.endsWith(start) && !specifier.endsWith(start)) return next(specifier, context);
      if (specifier === 'electron')
        return { url: `stand-in:electron${start}`, format: 'module', shortCircuit: true };
      // Another start is another process: it shares no module of ours.
      const found = next(specifier, context);
      const isOurs = found.url.startsWith(builtFolder) && !found.url.endsWith(start);
      return isOurs ? { ...found, url: found.url + start } : found;
    },
    load(url, context, next) {
      if (url !== `stand-in:electron${start}`) return next(url, context);
      const names = Object.keys(standIn.module);
      const source = `export const { ${names.join(', ')} } = globalThis[${JSON.stringify(key)}];`;
      return { format: 'module', source, shortCircuit: true };
    },
  });

  const signals = ['uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = new Map(signals.map((name) => [name, process.listeners(name as 'SIGINT')]));
  const argv = process.argv;
  process.argv = ['electron', '.', ...args];
  try {
    await nativeImport(pathToFileURL(main).href + start);
  } finally {
    process.argv = argv;
    hooks.deregister();
  }
  return () => {
    for (const name of signals) {
      for (const listener of process.listeners(name as 'SIGINT')) {
        if (!before.get(name)?.includes(listener)) process.off(name, listener);
      }
    }
  };
}

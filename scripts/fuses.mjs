/**
 * Sets Electron's fuses in a packaged binary, and prints how each stands:
 *
 *   node scripts/fuses.mjs <binary or .app>
 *   node scripts/fuses.mjs --read <binary or .app>
 *
 * What the app does not need is burnt out for good: nobody can use its binary as a plain Node, give it options by
 * the environment, attach a debugger, or put other code beside its archive.
 */
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Every fuse of Electron 45, so that a new one in a later Electron is noticed and decided. */
export const fuses = Object.freeze({
  // The runner needs a plain Node, but has its own.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // There is one V8 snapshot for all processes, as Electron ships it.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Pages come from app://, never from file://.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // As Electron ships it: WebAssembly checks its bounds by traps, which is the fast way.
  [FuseV1Options.WasmTrapHandlers]: true,
});

/**
 * @param {string} binary Electron's, or a Mac's .app folder.
 * @throws Error where it is no Electron, or has a fuse that the table does not know.
 */
export async function setFuses(binary) {
  await flipFuses(binary, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Changing the binary breaks the signature without which Apple silicon does not start it.
    resetAdHocDarwinSignature: process.platform === 'darwin' && binary.endsWith('.app'),
    ...fuses,
  });
}

/**
 * How each fuse stands, against the table.
 * @param {string} binary
 * @returns {Promise<{ name: string, state: 'on' | 'off' | 'removed', isAsWanted: boolean }[]>}
 */
export async function readFuses(binary) {
  const wire = await getCurrentFuseWire(binary);
  return Object.keys(wire)
    .filter((key) => key !== 'version')
    .map((key) => {
      const state = { [FuseState.ENABLE]: 'on', [FuseState.DISABLE]: 'off' }[wire[key]] ?? 'removed';
      return {
        name: FuseV1Options[key] ?? `fuse ${key}`,
        state,
        isAsWanted: key in fuses && state === (fuses[key] ? 'on' : 'off'),
      };
    });
}

async function main(args) {
  const readOnly = args[0] === '--read';
  const [path, ...rest] = readOnly ? args.slice(1) : args;
  if (!path || rest.length > 0 || !existsSync(path)) {
    console.error(
      path && !existsSync(path)
        ? `${resolve(path)} does not exist.`
        : 'usage: node scripts/fuses.mjs [--read] <Electron binary or .app>',
    );
    return 2;
  }
  try {
    if (!readOnly) await setFuses(resolve(path));
    const states = await readFuses(resolve(path));
    for (const { name, state, isAsWanted } of states) {
      console.log(`${state.padEnd(8)}${name}${isAsWanted ? '' : '   not as wanted'}`);
    }
    return states.every(({ isAsWanted }) => isAsWanted) ? 0 : 1;
  } catch (error) {
    console.error(
      `The fuses of ${resolve(path)} could not be ${readOnly ? 'read' : 'set'}: ${error.message}`,
    );
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}

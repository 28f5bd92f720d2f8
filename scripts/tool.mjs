/** Starts a development tool from node_modules under Node 24, without shells or shims. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode24 } from '../bin/node24.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node 24, or the running Node where the `node` package is missing. */
export const node = findNode24() ?? process.execPath;

/** So that a tool that starts "node" gets the same one. */
export const environment = { ...process.env, PATH: dirname(node) + delimiter + (process.env.PATH ?? '') };

/**
 * The script behind a package's command.
 * @param {string} packageName
 * @param {string} [command] where it differs from the package's name
 */
export function toolPath(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Runs Node 24 with the given arguments in the repository.
 * @param {string[]} args
 * @param {{ inherit?: boolean, env?: Record<string, string> }} [options] inherit: straight to this terminal
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(args, { inherit = false, env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(node, args, {
      cwd: root,
      env: { ...environment, ...env },
      stdio: inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code, signal) =>
      done({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output }),
    );
  });
}

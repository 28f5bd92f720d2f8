/** Runs one of the built programs under Node 24, as if it were this process: same terminal, signals and exit code. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endLike, passSignals } from './follow.mjs';
import { findNode24 } from './node24.mjs';

/**
 * @param {string} program path under out/, e.g. "main/cli.js"
 * @param {string[]} args
 */
export function launch(program, args) {
  const script = builtProgram(program);
  const node = findNode24();
  if (!node) {
    fail(
      'the Node 24 it runs on is missing: the `node` package is not installed, or its install script did not run.',
      'Run `npm ci` again, with scripts allowed (no --ignore-scripts).',
    );
  }
  const child = spawn(node, ['--enable-source-maps', script, ...args], { stdio: 'inherit' });
  passSignals(child);
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`, 'Run `npm ci` again.'));
  child.on('exit', endLike);
}

/**
 * Where a built program is; ends this process with a sentence where it is not.
 * @param {string} program path under out/
 */
export function builtProgram(program) {
  const script = fileURLToPath(new URL(`../out/${program}`, import.meta.url));
  if (!existsSync(script))
    fail(`it is not built: ${script} is missing.`, 'Run `npm run build` in its folder.');
  return script;
}

/**
 * @param {string} what
 * @param {string} hint
 * @returns {never}
 */
function fail(what, hint) {
  process.stderr.write(`selvedge cannot start: ${what}\n${hint}\n`);
  process.exit(1);
}

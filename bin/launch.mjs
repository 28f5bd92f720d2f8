/** Runs one of the built programs under Node 24, as if it were this process: same terminal, signals and exit code. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findNode24 } from './node24.mjs';

/**
 * @param {string} program path under out/, e.g. "main/cli.js"
 * @param {string[]} args
 */
export function launch(program, args) {
  const script = fileURLToPath(new URL(`../out/${program}`, import.meta.url));
  if (!existsSync(script))
    fail(`it is not built: ${script} is missing.`, 'Run `npm run build` in its folder.');
  const node = findNode24();
  if (!node) {
    fail(
      'the Node 24 it runs on is missing: the `node` package is not installed, or its install script did not run.',
      'Run `npm ci` again, with scripts allowed (no --ignore-scripts).',
    );
  }

  const child = spawn(node, ['--enable-source-maps', script, ...args], { stdio: 'inherit' });
  // The terminal sends Ctrl-C and hang-up to the whole foreground group, so on a terminal the child has it already
  // and a second one would mean "stop at once". A signal sent to this process alone is passed on.
  const sharedByTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || !sharedByTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`, 'Run `npm ci` again.'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Die of the same signal, so that a shell sees what happened.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 200);
  });
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

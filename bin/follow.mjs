/** Ties this process to a child: signals go down, the end comes up. */
import { constants } from 'node:os';

/**
 * The terminal sends Ctrl-C and hang-up to the whole foreground group, so on a terminal the child has it already and
 * a second one would mean "stop at once". A signal sent to this process alone is passed on. This process outlives
 * the child in any case.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends the passing on.
 */
export function passSignals(child) {
  const sharedByTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const pass = () => {
      if (signal === 'SIGTERM' || !sharedByTerminal) child.kill(signal);
    };
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  return () => listeners.forEach((end) => end());
}

/**
 * Ends as the child did: with its code, or of the same signal, so that a shell sees what happened.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function endLike(code, signal) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 200);
}

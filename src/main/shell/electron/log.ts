/** The host's own log in userData/logs: what went wrong outside of any run. Runs keep theirs in the library. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';

export type Severity = 'info' | 'warning' | 'error';
export type Log = (severity: Severity, message: string, error?: unknown) => void;

/** Bytes after which a file is set aside; the one set aside before is given up. */
const FULL = 1_000_000;

/** Written line by line and at once: the last line before a crash is the one that counts. */
export function openLog(file: string): Log {
  mkdirSync(dirname(file), { recursive: true });
  return (severity, message, error) => {
    const detail = error === undefined ? '' : `\n${inspect(error)}`;
    const line = `${new Date().toISOString()} ${severity}: ${message}${detail}\n`;
    process.stderr.write(line);
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FULL) renameSync(file, `${file}.1`);
      appendFileSync(file, line);
    } catch {
      // A full disk must not end a run; the line stands in the terminal.
    }
  };
}

/** Lines of a log by how much they matter. */
import type { LogLine } from '../../../shared/api/runs';

/** "messages" leaves out what libraries print. */
export type LogLevel = 'all' | 'messages' | 'warnings' | 'errors';

const shown: Readonly<Record<LogLevel, readonly LogLine['source'][]>> = {
  all: ['stdout', 'stderr', 'info', 'warning', 'error'],
  messages: ['info', 'warning', 'error'],
  warnings: ['warning', 'error', 'stderr'],
  errors: ['error', 'stderr'],
};

export const filterLog = (lines: readonly LogLine[], level: LogLevel): LogLine[] =>
  lines.filter(({ source }) => shown[level].includes(source));

/** To be pasted into a report. */
export const logText = (lines: readonly LogLine[]): string =>
  lines.map(({ time, source, text }) => `${new Date(time).toISOString()} ${source} ${text}`).join('\n');

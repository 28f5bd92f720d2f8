/** Starts the built programs: the `selvedge` command, and the runner alone. Build first: npm run build. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { JobProcess, type JobEnd } from '../../src/main/supervisor/job-process';
import type { JobOf, RunnerMessage } from '../../src/shared/protocol';
import type { RunConfig } from '../../src/shared/run-config';

const out = join(import.meta.dirname, '../../out');
export const script = join(out, 'runner/index.js');
if (!existsSync(script)) throw new Error(`${script} is missing: run npm run build before these tests`);

export type Line = Record<string, unknown> & { readonly type?: string };

export interface Finished {
  readonly code: number | null;
  /** The JSON lines on stdout. */
  readonly lines: Line[];
  readonly stderr: string;
}

/**
 * Runs `selvedge ... --json`.
 * @param onLine sees every line as it comes, and the process to send signals to.
 * @param env variables that are not this process's; undefined takes one away.
 */
export async function selvedge(
  library: string,
  args: readonly string[],
  onLine: (line: Line, process: ChildProcess) => void = () => undefined,
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [join(out, 'main/cli.js'), ...args, '--library', library, '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine(line, child);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, lines, stderr };
}

export const lineOf = ({ lines }: Finished, type: string): Line | undefined =>
  lines.findLast((line) => line.type === type);

export async function writeConfig(folder: string, config: RunConfig): Promise<string> {
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(config));
  return path;
}

/** Trains in the built runner, as the host does. */
export function trainingJob(folder: string, config: RunConfig, continueFrom: string | null): JobOf<'train'> {
  return {
    kind: 'train',
    runId: 'run',
    runDirectory: folder,
    cacheDirectory: join(folder, '../cache'),
    config,
    continueFrom,
  };
}

/** @param onMessage sees what the runner says, and the process to stop or kill. */
export async function runTraining(
  job: JobOf<'train'>,
  onMessage: (message: RunnerMessage, process: JobProcess) => void = () => undefined,
): Promise<JobEnd> {
  const child: JobProcess = new JobProcess({ script, execPath: process.execPath }, job, {
    onMessage: (message) => onMessage(message, child),
  });
  onTestFinished(() => child.kill());
  return child.ended;
}

/** Libraries in temporary folders, a fake runner, and a terminal that remembers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { openHost, type Host } from '../../src/main/host';
import { runCli } from '../../src/main/cli/program';
import type { Terminal } from '../../src/main/cli/terminal';
import type { Runner } from '../../src/main/supervisor/job-process';
import { runConfigSchema, type RunConfig } from '../../src/shared/run-config';

export const fakeRunner: Runner = {
  script: join(import.meta.dirname, 'fixtures', 'fake-runner.mjs'),
  patience: { steady: 1000, generous: 15_000 },
  grace: { stop: 10_000, terminate: 800 },
};

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-main-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function temporaryHost(runner: Runner = fakeRunner, folder = temporaryFolder()): Promise<Host> {
  const host = await openHost(runner, 'own', folder);
  onTestFinished(() => host.close());
  return host;
}

/** A configuration for the fake runner. */
export function fakeConfig(options: Record<string, unknown> = {}): RunConfig {
  return runConfigSchema.parse({
    method: 'fake',
    options,
    backbone: { kind: 'resnet' },
    data: { path: 'sample' },
    optimizer: { kind: 'sgd' },
    learningRate: 0.1,
    batchSize: 8,
    epochs: 4,
  });
}

export interface FakeTerminal extends Terminal {
  out(): string;
  err(): string;
  /** The JSON lines on stdout. */
  lines(): Record<string, unknown>[];
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export function fakeTerminal(
  options: { columns?: number; answer?: string; onOut?: () => void } = {},
): FakeTerminal {
  let [out, err] = ['', ''];
  const handlers = new Set<() => void>();
  const { columns, answer } = options;
  return {
    stdout: {
      isTTY: columns !== undefined,
      columns,
      write(text) {
        out += text;
        options.onOut?.();
      },
    },
    stderr: { write: (text) => (err += text) },
    env: { NO_COLOR: '1' },
    ask: answer === undefined ? null : () => Promise.resolve(answer),
    onInterrupt(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    out: () => out,
    err: () => err,
    lines: () =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    interrupt: () => handlers.forEach((handler) => handler()),
  };
}

/** Runs the CLI on a library. */
export async function cli(library: string, args: string[], terminal = fakeTerminal(), runner = fakeRunner) {
  const code = await runCli([...args, '--library', library], terminal, runner);
  return { code, out: terminal.out(), err: terminal.err(), terminal };
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not happen within 10 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Fits a text that contains `part`. */
export const matching = (part: string | RegExp): unknown =>
  typeof part === 'string' ? expect.stringContaining(part) : expect.stringMatching(part);

export const anyNumber: unknown = expect.any(Number);

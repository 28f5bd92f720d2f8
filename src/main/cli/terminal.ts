/** The edge of the CLI: streams, keys and signals, so that tests can stand in for a person at a terminal. */
import { createInterface } from 'node:readline/promises';

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface Terminal {
  stdout: Output;
  stderr: Output;
  env: NodeJS.ProcessEnv;
  /** Null where nobody can be asked. */
  ask: ((question: string) => Promise<string>) | null;
  /** Calls `handler` for every Ctrl-C, hang-up or request to terminate; returns how to end that. */
  onInterrupt(handler: () => void): () => void;
}

export function realTerminal(): Terminal {
  // A reader that is gone (`| head`) is no reason to end a training.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    ask: process.stdin.isTTY && process.stdout.isTTY ? ask : null,
    onInterrupt(handler) {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const signal of signals) process.on(signal, handler);
      return () => {
        for (const signal of signals) process.off(signal, handler);
      };
    },
  };
}

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

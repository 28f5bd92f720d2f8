/** What a child's process must know before it starts. */
import { availableParallelism } from 'node:os';

/** What libuv starts by itself. */
const LEAST_THREADS = 4;

/**
 * sharp works on libuv's threads, and a process cannot have more of them once it runs: one a core, or as the user
 * has set.
 */
export function childEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  cores = availableParallelism(),
): NodeJS.ProcessEnv {
  return { UV_THREADPOOL_SIZE: String(Math.max(LEAST_THREADS, cores)), ...env };
}

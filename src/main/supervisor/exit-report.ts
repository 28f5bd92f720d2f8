/** Says in a sentence why a child is gone that did not say goodbye. */

export interface Explanation {
  message: string;
  hint: string;
}

/** @param output the last lines the child printed. */
export function explainExit(
  code: number | null,
  signal: string | null,
  output: readonly string[],
): Explanation {
  const last = telling(output).join(' | ');
  const said = last && ` It last printed: ${last}`;
  if (/heap out of memory|bad_alloc|Cannot allocate memory|ENOMEM/i.test(output.join('\n'))) {
    return { message: `The runner process ran out of memory.${said}`, hint: SAVE_MEMORY };
  }
  if (signal === 'SIGKILL') {
    return {
      message: 'The runner process was killed from outside (SIGKILL), which systems do when memory runs out.',
      hint: SAVE_MEMORY,
    };
  }
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return {
    message: `The runner process ${how} before it answered.${said}`,
    hint: 'Resume the run; if it ends like this again, try another device with --set device=cpu on a new run.',
  };
}

/** The error that Node printed, without its stack; else the last three lines. */
function telling(output: readonly string[]): readonly string[] {
  const error = output.findLast((line) => /^(Uncaught )?\w*Error\b.*:/.test(line));
  return error ? [error] : output.filter((line) => line.trim()).slice(-3);
}

const SAVE_MEMORY =
  'Try a smaller batchSize, or --set lowMemory=true, on a new run; or close other programs and resume.';

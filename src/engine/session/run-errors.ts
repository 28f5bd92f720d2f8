/** onnxruntime's errors in words of the step: which step, which layer, which op. */
import { messageOf, UserError } from '../../shared/errors';

const FAILED_NODE = /running (\w+) node\. Name:\s*'([^']*)'(?: Status Message: (.*))?/s;
const NO_MEMORY =
  /failed to allocate|out of memory|bad_alloc|BFCArena.*requested|CUDA failure 2|not enough memory/i;

/** @param doing "compile" or "run". */
export function stepError(step: string, doing: 'compile' | 'run', error: unknown): Error {
  const text = messageOf(error);
  if (NO_MEMORY.test(text))
    return new UserError(
      `The ${step} ran out of memory${place(text)}`,
      'Use a smaller batch (--set batchSize=...), or --set lowMemory=true.',
    );
  const [, op, node, reason] = FAILED_NODE.exec(text) ?? [];
  if (!op) return new Error(`${step}: onnxruntime could not ${doing} it: ${text.trim()}`, { cause: error });
  return new Error(`${step}: ${op}${layer(node)} failed: ${(reason ?? text).trim()}`, { cause: error });
}

const place = (text: string): string => {
  const [, op, node] = FAILED_NODE.exec(text) ?? [];
  return op ? `, at ${op}${layer(node)}` : '';
};

/** Nodes are named "<layer>/<op>#<number>". */
const layer = (node: string): string => (node ? ` of ${node}` : '');

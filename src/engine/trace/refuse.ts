/** What a step must not do while it is recorded, and where in the step it did it. */
import { engine } from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/errors';

/** The step cannot be compiled as it is written. */
export class TraceError extends UserError {}

/** Ops that draw numbers on the host: recorded, their draw would become a constant of every step. */
const RANDOM_OPS =
  /^(rand|randomNormal|randomStandardNormal|randomUniform|randomUniformInt|randomGamma|truncatedNormal|multinomial|dropout)(_|$)/;

/** Makes unseeded draws throw until the returned function is called. */
export function refuseRandomness(): () => void {
  const original = Math.random;
  Math.random = () => {
    throw randomError(activeOps().find((name) => RANDOM_OPS.test(name)));
  };
  return () => {
    Math.random = original;
  };
}

/** @throws TraceError where a tensor is being made by a random op, seeded or not. */
export function refuseRandomTensor(): void {
  const op = activeOps().find((name) => RANDOM_OPS.test(name));
  if (op) throw randomError(op);
}

function randomError(op: string | undefined): TraceError {
  return new TraceError(
    `The step draws random numbers${op ? ` with tf.${op}` : ''} at ${stepLine()}; compiled, the same numbers would come at every step`,
    'Draw them outside with random() of shared/random.ts and feed them as an input of the step.',
  );
}

const activeOps = (): string[] => engine().state.scopeStack.map(({ name }) => name);

/** The first line of the stack that is neither tfjs's nor the compiler's: the step's own. */
export function stepLine(stack = new Error().stack ?? ''): string {
  const own = stack
    .split('\n')
    .slice(1)
    .find(
      (line) =>
        line.includes(':') &&
        !/tfjs|src\/engine\/(trace|kernels|ops|gradients|scope|backend-lock)|node:internal/.test(line),
    );
  return own?.trim().replace(/^at /, '') ?? 'an unknown place';
}

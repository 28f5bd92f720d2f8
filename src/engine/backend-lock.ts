/** tfjs has one current backend for the whole process: whoever sets it holds this lock meanwhile. */
import { engine, setBackend } from '@tensorflow/tfjs-core';

let tail: Promise<unknown> = Promise.resolve();

/** Runs the synchronous `f` with `backend` current, then restores the former one. */
export function withBackend<T>(backend: string, f: () => T): Promise<T> {
  const turn = tail.then(async () => {
    const former = engine().backendName as string | undefined;
    if (former !== backend && !(await setBackend(backend)))
      throw new Error(`The tfjs backend "${backend}" failed to start`);
    try {
      return f();
    } finally {
      if (former && former !== backend) await setBackend(former);
    }
  });
  tail = turn.catch(() => undefined);
  return turn;
}

/** State in the host's memory: two sets of tensors that take turns, so that a run allocates none. */
import type { HostTensors } from '../types';
import type { StateStore } from './state-store';
import { pick, toHost, toOrt, type TensorSet } from './tensors';

/** @param changing the names that a step writes; the others stay as they are. */
export function hostState(initial: HostTensors, changing: readonly string[]): StateStore {
  const names = Object.keys(initial);
  let current = toOrt(initial, names);
  let spare = toOrt(initial, changing);
  return {
    current: () => current,
    targets: () => spare,
    advance(written: TensorSet) {
      [current, spare] = [{ ...current, ...written }, pick(current, changing)];
    },
    read: async () => Object.fromEntries(names.map((name) => [name, toHost(current[name])])),
    async write(state) {
      current = toOrt(state, names);
    },
    async dispose() {
      [current, spare] = [{}, {}];
    },
  };
}

/** Makes gradients belong to the layer of the op they differentiate, which tfjs's tape does not know of. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { currentScope, inScope } from '../scope';

interface TapeNode {
  gradient?: (dys: Tensor[]) => Record<string, () => Tensor>;
}
interface Tape {
  addTapeNode?: (...args: unknown[]) => void;
  readonly state: { readonly activeTape: TapeNode[] | null };
}

/** Until the returned function is called, each op that is taped takes its layer along. */
export function keepLayers(): () => void {
  const tape = engine() as unknown as Tape;
  const original = tape.addTapeNode!;
  tape.addTapeNode = (...args) => {
    original.apply(tape, args);
    const node = tape.state.activeTape!.at(-1)!;
    const { gradient } = node;
    const layer = currentScope();
    if (gradient && layer)
      node.gradient = (dys) => {
        const parts = Object.entries(inScope(layer, () => gradient(dys)));
        return Object.fromEntries(parts.map(([name, part]) => [name, () => inScope(layer, part)]));
      };
  };
  return () => {
    // The class's own method shows again.
    delete tape.addTapeNode;
  };
}

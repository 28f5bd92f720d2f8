/** The pictures of a model with its initial weights, on the reference backend, in the units of the views. */
import type { HostTensor, HostTensors } from '../../../src/engine';
import type { MethodModel } from '../../../src/learning/method';
import { Weights } from '../../../src/learning/module';
import { initialWeights, prefixed, under } from '../../../src/learning/training/state';
import { evaluate } from '../host';

export async function picturesOf(
  model: MethodModel,
  views: readonly HostTensor[],
  draws: HostTensors = {},
): Promise<Record<string, number[]>> {
  const state = {
    ...initialWeights(model.parts, 1),
    ...prefixed('fixed/', initialWeights(model.fixed ?? {}, 2)),
  };
  const named = Object.fromEntries(views.map((view, i) => [`view${i}`, view]));
  const inputs = { ...state, ...named, ...prefixed('draw/', draws) };
  return evaluate(inputs, (tensors) => {
    const parts = (names: string[], prefix: string) =>
      Object.fromEntries(names.map((part) => [part, new Weights(tensors, false, {}, `${prefix}${part}/`)]));
    return model.pictures!({
      weights: parts(Object.keys(model.parts), ''),
      teacher: parts(Object.keys(model.fixed ?? {}), 'fixed/'),
      views: views.map((_, i) => tensors[`view${i}`]),
      draws: under('draw/', tensors),
      scalars: {},
      rgb: { toRgb: (x) => x, fromRgb: (x) => x },
    });
  });
}

/** Modules one after the other, each under its own name, as torch.nn.Sequential. */
import { collect, type Module } from '../module';

/** @param modules by name, in order; whole numbers as names come first, ascending, as JavaScript orders them. */
export function sequential(modules: Readonly<Record<string, Module>>): Module {
  const entries = Object.entries(modules);
  return {
    parameters: collect(Object.fromEntries(entries.map(([name, module]) => [name, module.parameters]))),
    apply: (weights, input) => entries.reduce((x, [name, module]) => weights.apply(name, module, x), input),
  };
}

/** Refuses a step that the machine's memory cannot hold, before anything is allocated. */
import { UserError } from '../../shared/errors';
import type { CompiledModel } from '../compile';
import { recompute } from '../passes';
import type { DeviceOptions } from '../types';
import { estimateMemory } from './estimate';

const GIB = 2 ** 30;

/**
 * @param available bytes that can still be had; by default what the system, or the container's limit, leaves.
 * @throws UserError with both numbers where the estimate does not fit.
 */
export function requireMemory(
  { definition, graph }: CompiledModel,
  { lowMemory }: Pick<DeviceOptions, 'lowMemory'>,
  available = process.availableMemory(),
): void {
  const needed = estimateMemory(graph, definition);
  if (needed <= available) return;
  const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;
  const saving = lowMemory
    ? ''
    : `, or --set lowMemory=true, which is slower and needs about ${gib(estimateMemory(recompute(graph), definition))}`;
  throw new UserError(
    `The ${definition.name} needs about ${gib(needed)} of memory, but only ${gib(available)} are free`,
    `Use a smaller batch (--set batchSize=...)${saving}, or close other programs.`,
  );
}

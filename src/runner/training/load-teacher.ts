/** The networks that a method learns from and that never move: their weights come from the file of `config.teacher`. */
import type { HostTensors } from '../../engine';
import { transferFixed, withoutTeacher, type Method } from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import { readPartTensors } from '../encoder-file';
import type { JobContext } from '../job';

/**
 * @param state of a new run; returned as it is where the method has no fixed networks.
 * @throws UserError where no file is named, it cannot be read, or it does not hold these networks.
 */
export async function loadTeacher(
  state: HostTensors,
  method: Method,
  { teacher }: Pick<RunConfig, 'teacher'>,
  { channel }: JobContext,
): Promise<HostTensors> {
  if (method.needsTeacher === undefined) return state;
  if (teacher === null) throw withoutTeacher(method);
  const { state: filled, loaded } = transferFixed(state, await readPartTensors(teacher), teacher);
  channel.log('info', `Took ${loaded.length} tensors of the fixed network from ${teacher}.`);
  return filled;
}

/** What to try where the embeddings collapse, with this run's own numbers. */
import type { RunConfig } from '../../../shared/run-config';
import { count, significant } from '../../lib/format';

/** What the run said as it collapsed, without its general advice: this page's has the run's numbers. */
export const collapseReason = (message: string): string => message.replace(/ Try .*$/s, '');

/** @param own what the method itself advises, as the run's note has it. */
export function collapseAdvice(
  { method, learningRate, schedule, batchSize, options }: RunConfig,
  own?: unknown,
): string[] {
  const { warmupEpochs } = schedule;
  const warmUp =
    warmupEpochs > 0 ? `now ${warmupEpochs} ${warmupEpochs === 1 ? 'epoch' : 'epochs'}` : 'now none';
  const temperature = options['temperature'];
  return [
    ...(typeof own === 'string' ? [`${own.charAt(0).toUpperCase()}${own.slice(1)}.`] : []),
    `A lower learning rate, say ${trimmed(learningRate / 3)} in place of ${trimmed(learningRate)}, with a few epochs of warm-up (${warmUp}).`,
    `A larger batch: ${count(batchSize * 2)} images in place of ${count(batchSize)}, where memory allows.`,
    method === 'simclr' && typeof temperature === 'number'
      ? `Stronger augmentation, so that the two views of an image differ more, or another temperature (now ${temperature}).`
      : 'Stronger augmentation, so that the views of an image differ more.',
  ];
}

const trimmed = (value: number): string => String(Number(significant(value)));

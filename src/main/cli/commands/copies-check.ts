/** `selvedge copies check <image> --in <set>`: is it a copy of something there? */
import { InvalidArgumentError, type Command } from 'commander';
import { copyCheckSchema } from '../../../shared/explorer/copies';
import {
  bestOf,
  scoreWord,
  toldApart,
  verdictSentence,
  verdictWord,
} from '../../../shared/explorer/copy-verdict';
import { findSet } from '../../embedding/find-set';
import { checkCopyOfFile } from '../../search/ask';
import type { Context } from '../context';
import { table } from '../format';

interface CheckOptions {
  in: string;
  k: number;
}

export function addCheck(copies: Command, context: Context): void {
  copies
    .command('check')
    .description('whether an image is a copy of something in an embedding set, how sure that is, and of what')
    .argument('<image>', 'path of an image; one of the set itself is compared with all others')
    .requiredOption('--in <set>', 'id, the beginning of an id, or "last"')
    .option(
      '-k, --k <n>',
      'how many candidates to look at',
      candidates,
      copyCheckSchema.shape.k.parse(undefined),
    )
    .action((image: string, options: CheckOptions) => check(context, image, options));
}

function check(context: Context, image: string, { in: reference, k }: CheckOptions): Promise<void> {
  return context.withHost('read', async (host) => {
    const { id } = findSet(host.store.sets.list(), reference);
    const { isOfSet, ...answer } = await context.interruptible((signal) =>
      checkCopyOfFile(host, { set: id, image, k }, signal),
    );
    const best = bestOf(answer);
    const isCopy = best?.verdict === 'copy' || best?.verdict === 'likely';
    for (const candidate of answer.candidates) context.emit({ type: 'candidate', ...candidate });
    context.emit({
      type: 'copy-checked',
      image,
      set: id,
      isOfSet,
      verdict: best?.verdict ?? 'no',
      original: isCopy ? best.name : null,
      normalized: best?.normalized ?? null,
      cosine: best?.score ?? null,
      by: answer.by,
      thresholds: answer.thresholds,
      calibration: answer.calibration,
    });
    context.print(verdictSentence(answer));
    if (best)
      context.print(
        `${isCopy ? 'Original' : 'Nearest'}: ${best.name}, normalized score ${best.normalized.toFixed(3)}, cosine ${best.score.toFixed(3)}.`,
      );
    if (answer.thresholds) {
      const { copy, likely } = answer.thresholds;
      const [surely, perhaps] = toldApart([copy, likely]);
      context.print(`A copy from a ${scoreWord[answer.by]} of ${surely} on, likely one from ${perhaps} on.`);
    }
    const lines = answer.candidates.map(({ rank, normalized, score, verdict, name }) => [
      String(rank),
      normalized.toFixed(3),
      score.toFixed(3),
      verdictWord[verdict],
      name,
    ]);
    if (lines.length > 0)
      context.print(`\n${table(['', 'normalized', 'cosine', 'verdict', 'image'], lines)}`);
    if (isOfSet) context.note('The image is of the set itself: it is compared with all others.');
    for (const sentence of answer.calibration) context.note(sentence);
  });
}

function candidates(text: string): number {
  const parsed = copyCheckSchema.shape.k.safeParse(Number(text));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}

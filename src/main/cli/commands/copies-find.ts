/** `selvedge copies find <set>`: groups of copies and near-duplicates, with which one to keep. */
import { existsSync, writeFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { messageOf, UserError } from '../../../shared/errors';
import { MAX_PAIRS, type CopyFacts } from '../../../shared/explorer/copies';
import { copiesCsv } from '../../../shared/explorer/copies-csv';
import { isChain } from '../../../shared/explorer/copy-groups';
import { checkCopiesRequest, findCopies } from '../../embedding/copies';
import { listCopies, type CopyList, type ListedGroup } from '../../embedding/copy-list';
import { describeSet } from '../../embedding/describe-set';
import { findSet } from '../../embedding/find-set';
import { toJson } from '../../json';
import type { Context } from '../context';
import { bytes, integer, parts, table } from '../format';
import { watchJob } from '../job-view';

interface FindOptions {
  threshold?: number;
  out?: string;
  again?: boolean;
}

export function addFind(copies: Command, context: Context): void {
  copies
    .command('find')
    .description('groups of copies and near-duplicates in an embedding set, and which of each to keep')
    .argument('<set>', 'id, the beginning of an id, or "last"')
    .option('--threshold <cosine>', 'from which on a pair counts (default: by calibration)', cosine)
    .option('--out <file>', 'write all groups to a new file: .csv, a line an image, or .json')
    .option('--again', 'compare all pairs anew, also where that was done')
    .action((reference: string, options: FindOptions) => find(context, reference, options));
}

function find(context: Context, reference: string, { threshold, out, again }: FindOptions): Promise<void> {
  const write = out === undefined ? null : writerOf(out);
  return context.withHost('own', async (host) => {
    const set = findSet(host.store.sets.list(), reference);
    checkCopiesRequest(host, set.id);
    if (again || !set.facts.copies) {
      const copies = await watchJob(context, (hooks) => findCopies(host, set.id, hooks));
      host.store.sets.know(set.id, { copies });
    }
    const list = await watchJob(context, (hooks) => listCopies(host, set.id, threshold ?? null, hooks));
    const { name } = describeSet(host, set);
    write?.(name, list);
    list.groups.forEach((group, at) => context.emit({ type: 'copy-group', set: set.id, ...told(group, at) }));
    const { counts, groups: _, ...rest } = list;
    context.emit({ type: 'copies-found', set: set.id, ...rest, ...counts, out: out ?? null });
    context.print(summary(name, list));
    if (out !== undefined) context.print(`Wrote ${out}.`);
    tellNotes(context, list, threshold, host.store.sets.get(set.id).facts.copies?.pairs ?? 0);
  });
}

/** @returns what writes the list. @throws UserError where the file cannot be of a list, or is there. */
function writerOf(out: string): (name: string, list: CopyList) => void {
  const format = /\.(csv|json)$/.exec(out)?.[1];
  if (!format) throw new UserError(`--out is ${out}; it must end with .csv or .json.`, undefined, 'usage');
  if (existsSync(out))
    throw new UserError(`--out: there is a file at ${out} already.`, 'Choose another name.', 'usage');
  return (name, list) => {
    try {
      writeFileSync(out, format === 'csv' ? csvOf(list) : `${jsonOf(name, list)}\n`, { flag: 'wx' });
    } catch (error) {
      throw new UserError(
        `${out} cannot be written: ${messageOf(error)}.`,
        'Choose another file with --out.',
        'usage',
      );
    }
  };
}

function csvOf({ groups }: CopyList): string {
  const images = new Map(groups.map((group) => [group.rows[0], [...group.images]]));
  return copiesCsv(groups, ({ rows }) => images.get(rows[0])!);
}

const jsonOf = (set: string, { groups, counts, ...rest }: CopyList): string =>
  toJson({ set, ...rest, ...counts, groups: groups.map(told) });

/** A group as programs get it. */
function told(group: ListedGroup, at: number) {
  const { best, weakest, pairs, keep, images } = group;
  return { group: at + 1, best, weakest, pairs, isChain: isChain(group), keep, images };
}

/** Groups that are printed; a file has all. */
const SHOWN = 20;

function summary(name: string, { groups, counts, threshold }: CopyList): string {
  const shown = groups.slice(0, SHOWN).map(groupText);
  const more = groups.length - shown.length;
  if (more > 0) shown.push(`and ${integer(more)} groups more: --out writes all of them.`);
  const from = `from a cosine of ${threshold.toFixed(3)} on`;
  const text =
    groups.length === 0
      ? `${name}: no copies ${from}.`
      : `${name}: ${integer(counts.groups)} ${counts.groups === 1 ? 'group' : 'groups'} of ${integer(counts.images)} images ${from}. ` +
        `${integer(counts.surplus)} could go if one of each were kept; Selvedge deletes nothing.`;
  return [...shown, text].join('\n\n');
}

function groupText(group: ListedGroup, at: number): string {
  const { best, weakest, keep, images } = group;
  const scores = weakest < best ? `${best.toFixed(3)} to ${weakest.toFixed(3)}` : best.toFixed(3);
  const chain = isChain(group)
    ? '  a chain: some are near only through another of the group, look closely'
    : '';
  const order = [...images].sort((a, b) => Number(b.row === keep?.row) - Number(a.row === keep?.row));
  const lines = order.map((image) => {
    const isKept = image.row === keep?.row;
    return [isKept ? 'keep?' : '', image.name, factsText(image), isKept ? keep.reason : ''];
  });
  return table([`Group ${at + 1}`, `cosine ${scores}${chain}`, '', ''], lines);
}

const factsText = ({ width, height, bytes: size, problem }: CopyFacts): string =>
  problem ?? parts(width !== null && height !== null && `${width} x ${height}`, size !== null && bytes(size));

function tellNotes(
  context: Context,
  { floor, suggested, threshold, groups }: CopyList,
  wanted: number | undefined,
  pairs: number,
): void {
  if (wanted !== undefined && wanted < floor)
    context.note(
      `--threshold is ${wanted}, but only pairs from a cosine of ${floor.toFixed(3)} on are kept.`,
    );
  if (wanted === undefined && suggested === null)
    context.note(
      'Calibration suggests no threshold: there are too few images, or the encoder gives half of them the same score.',
    );
  if (wanted === undefined && suggested !== null && suggested > threshold && groups.length > 0)
    context.note(
      `No pair reaches the cosine of ${suggested.toFixed(3)} that calibration suggests: only the best one is shown, and it need not be a copy. \`copies check\` asks by normalized scores.`,
    );
  if (pairs >= MAX_PAIRS)
    context.note(
      `There are more pairs: the best ${integer(MAX_PAIRS)} are kept, from ${floor.toFixed(3)} on.`,
    );
}

function cosine(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= -1 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a cosine, a number from -1 to 1.');
}

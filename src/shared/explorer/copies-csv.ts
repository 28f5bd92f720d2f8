/** The list of groups as CSV: a line an image, to be worked through elsewhere. Nothing is deleted here. */
import type { CopyFacts } from './copies';
import type { CopyGroup } from './copy-groups';
import { suggestKept } from './keep';

const COLUMNS = [
  'group',
  'path',
  'suggestion',
  'reason',
  'best score in group',
  'weakest score in group',
  'width',
  'height',
  'bytes',
  'changed',
  'problem',
];

/** @param factsOf of the group's rows, in their order. */
export function copiesCsv(
  groups: readonly CopyGroup[],
  factsOf: (group: CopyGroup, place: number) => CopyFacts[],
): string {
  const lines = groups.flatMap((group, place) => {
    const facts = factsOf(group, place);
    const kept = suggestKept(facts);
    return facts.map((fact) => [
      place + 1,
      fact.name,
      kept === null ? '' : fact.row === kept.row ? 'keep' : 'copy',
      fact.row === kept?.row ? kept.reason : '',
      group.best,
      group.weakest,
      fact.width,
      fact.height,
      fact.bytes,
      fact.changedAt === null ? '' : new Date(fact.changedAt).toISOString(),
      fact.problem ?? '',
    ]);
  });
  return [COLUMNS, ...lines].map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** RFC 4180; what a spreadsheet would take for a formula is kept from being one. */
function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

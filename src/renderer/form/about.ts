/** The help of a setting in a line: what it is, what it may be, and what it was to begin with. */
import type { Field, LeafField } from './fields';
import { formatNumber, formatNumbers } from './numbers';
import { emptyWord, valueName } from './names';

export interface About {
  readonly title: string;
  readonly text: string;
}

export function aboutField(field: LeafField): About {
  const help = field.help ? sentence(field.help) : '';
  const parts = [help, limits(field), initial(field)];
  return { title: field.label, text: parts.filter((part) => part !== '').join(' ') };
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

/** "From 1 to 65,536." */
function limits(field: LeafField): string {
  if (field.kind !== 'number' && field.kind !== 'list') return '';
  const { words, integer } = field.limits;
  if (words === '') return integer ? 'A whole number.' : '';
  // Commas of thousands, as in the field.
  const text = words.replace(/\d{5,}/g, (digits) => formatNumber(Number(digits)));
  const each = field.kind === 'list' ? 'Each ' : '';
  return sentence(each ? `${each}${text}` : `${text.charAt(0).toUpperCase()}${text.slice(1)}`);
}

/** "It was 128." only where it was changed. */
const initial = (field: LeafField): string =>
  field.changed && field.initial !== undefined ? `To begin with: ${sayValue(field, field.initial)}.` : '';

/** A value of this setting, as a person reads it. */
export function sayValue({ path }: Pick<Field, 'path'>, value: unknown): string {
  if (value === null) return emptyWord(path);
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : formatNumbers(value as number[]);
  return valueName(path, value);
}

/** The settings of a schema as rows: what the documentation's tables and a printed help are made of. */
import { range, type JsonSchema } from '../../shared/json-schema';

export interface Setting {
  /** Dotted, as --set takes it. */
  readonly path: string;
  readonly description: string;
  readonly default: string;
}

/** Every leaf of an object's schema, in order. */
export function settingsOf(schema: JsonSchema, prefix: string): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, member]) => {
    const path = `${prefix}.${key}`;
    if (member.properties) return settingsOf(member, path);
    const limits = member.type === 'number' || member.type === 'integer' ? range(member).trim() : '';
    const unit = member.unit ? `, in ${member.unit}` : '';
    const details = limits || unit ? ` (${limits}${unit})`.replace('(, ', '(') : '';
    return [
      {
        path,
        description: `${member.description ?? ''}${details}`,
        default: JSON.stringify(member.default),
      },
    ];
  });
}

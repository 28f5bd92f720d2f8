import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemaOf } from '../../../src/shared/json-schema';
import { presets } from '../../../src/learning/config/presets';
import { settingsOf } from '../../../src/learning/config/settings-table';
import { methods } from '../../../src/learning/registry';

/** UPDATE_DOCS=1 writes the tables instead of checking them. */
const update = process.env.UPDATE_DOCS === '1';

/** A Markdown table, padded as Prettier does. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}

function expectBetween(file: string, start: string, end: string, content: string): void {
  const page = readFileSync(file, 'utf8');
  const [before, rest] = page.split(start);
  const [found, after] = rest.split(end);
  if (update) writeFileSync(file, `${before}${start}\n\n${content}\n\n${end}${after}`);
  else expect(found.trim(), `${file}: run this test with UPDATE_DOCS=1`).toBe(content);
}

describe('docs/methods', () => {
  it.each(methods.map(({ id, options }) => ({ id, options })))('lists the settings of $id', (method) => {
    const rows = settingsOf(jsonSchemaOf(method.options), 'options');
    const cells = rows.map(({ path, description, default: value }) => [
      `\`${path}\``,
      description,
      `\`${value}\``,
    ]);
    const content = table([['setting', 'what it does', 'default'], ...cells]);
    expectBetween(
      `docs/methods/${method.id}.md`,
      `<!-- settings ${method.id} -->`,
      '<!-- /settings -->',
      content,
    );
  });
});

describe('docs/presets.md', () => {
  it('lists every preset', () => {
    const cells = presets.map(({ id, summary, published }) => [`\`${id}\``, summary, published ?? '']);
    const content = table([['preset', 'what it does', 'published'], ...cells]);
    expectBetween('docs/presets.md', '<!-- presets -->', '<!-- /presets -->', content);
  });
});

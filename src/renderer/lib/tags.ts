/** Tags as they are typed. */

const LONGEST = 60;
const MOST = 30;

/** Split at commas; without spaces around, empty ones and doubles. */
export function parseTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().replace(/\s+/g, ' ').slice(0, LONGEST));
  return [...new Set(tags.filter(Boolean))].slice(0, MOST);
}

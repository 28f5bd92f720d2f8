/** What was last chosen from the palette, kept by this window's browser. */

const KEY = 'selvedge.recent-actions';
const KEPT = 20;

/** Ids, the latest first. */
export function recentActions(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  } catch {
    // A browser that keeps nothing: the palette only forgets what was used.
    return [];
  }
}

export function remember(id: string): void {
  const next = [id, ...recentActions().filter((other) => other !== id)].slice(0, KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // As above.
  }
}

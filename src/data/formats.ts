/** Which files are images, told by their names alone. */

// prettier-ignore
const IMAGE_EXTENSIONS = new Set([
  'jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'tif', 'tiff', 'gif', 'bmp', 'heic', 'heif',
]);

/** True for names that should be images; some (bmp, heic) may turn out unreadable, and are then listed as skipped. */
export function isImageName(name: string): boolean {
  return IMAGE_EXTENSIONS.has(extensionOf(name));
}

/** Lower-case letters after the last dot; empty where there is none. */
export function extensionOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1].toLowerCase() ?? '';
}

/** Files that systems leave behind: dot files (also macOS `._x.jpg`) and `__MACOSX` folders. */
export function isHiddenName(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

/** "10 .txt, 2 .pdf": what a folder without images holds, for its error message. */
export function describeExtensions(names: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const extension = extensionOf(name);
    const key = extension ? `.${extension}` : 'without extension';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const common = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 5);
  return common.map(([extension, count]) => `${count} ${extension}`).join(', ');
}

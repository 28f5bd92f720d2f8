/** The built pages of the renderer, served by path and from their own folder only. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Page {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  /** Its name holds a hash of its content, so it never changes. */
  immutable: boolean;
}

/**
 * @param root folder of the built renderer.
 * @param path of the URL, still percent-encoded.
 * @returns undefined where there is no such page: also for anything that would lead out of the folder.
 */
export async function readPage(root: string, path: string): Promise<Page | undefined> {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (name.includes('\0') || name.includes('\\')) return undefined;
  if (name === '/') name = '/index.html';
  const type = types[extname(name)];
  if (type === undefined) return undefined;
  try {
    const folder = await realpath(root);
    const file = await realpath(join(folder, name));
    if (!file.startsWith(folder + sep)) return undefined;
    return { body: new Uint8Array(await readFile(file)), type, immutable: name.startsWith('/assets/') };
  } catch {
    return undefined;
  }
}

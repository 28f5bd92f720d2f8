/** Writes a file that the host serves to a place that the user chose. */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { messageOf, UserError } from '../../../shared/errors';
import { APP_ORIGIN } from './origin';

/**
 * @param url path and query, of the fetch handler.
 * @param chooseWhere is given a file name and answers an absolute path, or null where the user cancelled.
 * @returns the path that was written; null where cancelled.
 * @throws UserError where the host has no such file, or it cannot be written.
 */
export async function saveAs(
  fetch: (request: Request) => Promise<Response>,
  url: string,
  chooseWhere: (name: string) => Promise<string | null>,
): Promise<string | null> {
  const response = await fetch(new Request(APP_ORIGIN + url));
  if (!response.ok || !response.body) throw await refusalOf(response);
  const path = await chooseWhere(fileName(response, url));
  if (path === null) {
    await response.body.cancel();
    return null;
  }
  // Beside it and renamed: what stands under the name is whole, and what stood there before is lost only then.
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream),
      createWriteStream(partial, { flags: 'wx' }),
    );
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw new UserError(`${path} could not be written: ${messageOf(error)}.`, 'Choose another folder.');
  }
  return path;
}

/** The name the host gives it, else the last part of its address. Never with a folder in it. */
function fileName(response: Response, url: string): string {
  const disposition = response.headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]+)"/i.exec(disposition)?.[1] ?? /filename=([^;"]+)/i.exec(disposition)?.[1];
  const name = encoded === undefined ? plain?.trim() : decodeURIComponent(encoded);
  return basename((name ?? new URL(url, 'http://host').pathname).replaceAll('\\', '/')) || 'export';
}

async function refusalOf(response: Response): Promise<UserError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { message, hint } = (body ?? {}) as { message?: unknown; hint?: unknown };
  return new UserError(
    typeof message === 'string' ? message : `The host answered ${response.status}.`,
    typeof hint === 'string' ? hint : undefined,
  );
}

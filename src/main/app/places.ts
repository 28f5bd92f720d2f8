/**
 * Files and folders that windows may name: each has a random handle, so that no window can name a path that the user
 * did not choose. Chosen through a native dialog or a drop (anywhere), or through the folder picker (see folders.ts).
 */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { UserError } from '../../shared/errors';
import type { Place } from '../../shared/api/datasets';

/** The oldest handles are forgotten beyond this many. */
const KEPT = 50_000;

export class Places {
  private readonly paths = new Map<string, string>();
  private readonly ids = new Map<string, string>();

  /** @param path absolute. */
  give(path: string): Place {
    const id = this.ids.get(path) ?? randomBytes(12).toString('base64url');
    // Put at the end of the order in which handles are forgotten.
    this.paths.delete(id);
    this.paths.set(id, path);
    this.ids.set(path, id);
    if (this.paths.size > KEPT) this.forgetOldest();
    return { id, path, name: basename(path) || path };
  }

  /** @throws UserError where the handle was not given out, or is forgotten. */
  pathOf(id: string): string {
    const path = this.paths.get(id);
    if (path === undefined) {
      throw new UserError('What was chosen here is no longer known.', 'Choose it again.', 'usage');
    }
    return path;
  }

  private forgetOldest(): void {
    for (const [id, path] of this.paths) {
      this.paths.delete(id);
      this.ids.delete(path);
      return;
    }
  }
}

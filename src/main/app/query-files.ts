/** Files that were dropped to search with: their bytes in memory, the ones used last up to a limit. */
import { randomBytes } from 'node:crypto';
import { UserError } from '../../shared/errors';
import { MAX_QUERIES_BYTES } from '../../shared/explorer/search';
import { Recent } from '../../shared/recent';

interface QueryFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export class QueryFiles {
  private readonly files: Recent<QueryFile>;

  /** @param limit of all files together, bytes. */
  constructor(limit = MAX_QUERIES_BYTES) {
    this.files = new Recent(limit);
  }

  /** @returns its id: nobody can guess it, and it never means another file. */
  keep(file: QueryFile): string {
    const id = randomBytes(12).toString('base64url');
    this.files.put(id, file, file.bytes.byteLength);
    return id;
  }

  /** @throws UserError where it is not kept any more. */
  get(id: string): QueryFile {
    const found = this.files.get(id);
    if (found) return found;
    throw new UserError('This image is not kept any more.', 'Drop it again.', 'usage');
  }
}

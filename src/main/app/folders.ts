/** The folder picker: what lies under the roots that the user allowed when starting, and nothing else. */
import { opendirSync, realpathSync } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { extensionOf, isHiddenName, isImageName } from '../../data/formats';
import type { FolderListing, Place } from '../../shared/api/datasets';
import { messageOf, UserError } from '../../shared/errors';
import type { Places } from './places';

/** Folders and archives that one listing shows. */
const SHOWN = 2000;
/** Entries that are looked at: a folder of a million images must not hold up the picker. */
const SCANNED = 50_000;

const isArchiveName = (name: string): boolean =>
  ['tar', 'tgz', 'zip'].includes(extensionOf(name)) || /\.tar\.gz$/i.test(name);

/**
 * The roots as real paths.
 * @throws UserError (usage) for one that is no folder or cannot be read.
 */
export function openRoots(roots: readonly string[]): string[] {
  return roots.map((root) => {
    try {
      const path = realpathSync(expandHome(root));
      opendirSync(path).closeSync();
      return path;
    } catch (error) {
      throw new UserError(
        `The root ${root} cannot be listed: ${messageOf(error)}.`,
        'Give --root a folder that exists and that you can read.',
        'usage',
      );
    }
  });
}

export class Folders {
  /** @param roots real paths of folders, see {@link openRoots}. */
  constructor(
    private readonly roots: readonly string[],
    private readonly places: Places,
  ) {}

  /**
   * What lies in a folder; the roots where it is null.
   * @throws UserError where it is outside the roots or cannot be read.
   */
  async list(place: string | null): Promise<FolderListing> {
    if (place === null) return this.listRoots();
    const path = await this.allowed(this.places.pathOf(place));
    const root = this.roots.find((candidate) => isWithin(path, candidate))!;
    const parents: Place[] = [];
    for (let above = path; above !== root;) {
      above = dirname(above);
      parents.unshift(this.places.give(above));
    }
    return { here: this.places.give(path), parents, ...(await this.scan(path)) };
  }

  /**
   * The folder, archive, encoder or ground truth that a person typed.
   * @throws UserError (usage) where there is none, or it is outside the roots.
   */
  async find(typed: string): Promise<Place> {
    const path = expandHome(typed.trim());
    if (!isAbsolute(path)) {
      throw new UserError(`"${typed}" is no whole path.`, 'Begin it with / or ~.', 'usage');
    }
    const real = await this.allowed(resolve(path));
    const isNamedSo = isArchiveName(real) || isEncoderName(real) || isGroundTruthName(real);
    if (!isNamedSo && !(await stat(real)).isDirectory()) {
      throw new UserError(
        `${typed} is neither a folder nor an archive.`,
        'Give a folder of images, or a .tar, .tar.gz, .tgz or .zip of one; an encoder, .onnx or .safetensors; or a ground truth, .csv or .json.',
        'usage',
      );
    }
    return this.places.give(real);
  }

  private listRoots(): FolderListing {
    const folders = this.roots.map((root) => this.places.give(root));
    return { here: null, parents: [], folders, archives: [], images: 0, problem: null };
  }

  /** The real path, which must be under a root. One outside is refused in the same words whether it exists or not. */
  private async allowed(path: string): Promise<string> {
    let real: string | undefined;
    let reason = '';
    try {
      real = await realpath(path);
    } catch (error) {
      reason = messageOf(error);
    }
    if (!this.roots.some((root) => isWithin(real ?? path, root))) {
      throw new UserError(
        `${path} is outside the folders that may be chosen from: ${this.roots.join(', ')}.`,
        'Start Selvedge with --root <folder> to allow another.',
        'usage',
      );
    }
    if (real === undefined) {
      throw new UserError(`${path} cannot be found: ${reason}.`, 'Check the spelling.', 'usage');
    }
    return real;
  }

  private async scan(path: string): Promise<Omit<FolderListing, 'here' | 'parents'>> {
    const found = { folders: [] as string[], archives: [] as string[], images: 0 };
    let scanned = 0;
    try {
      for await (const entry of await opendir(path)) {
        if (++scanned > SCANNED) break;
        if (isHiddenName(entry.name)) continue;
        const whole = join(path, entry.name);
        const kind = entry.isSymbolicLink() ? await this.behind(whole) : kindOf(entry);
        if (kind === 'folder') found.folders.push(whole);
        else if (kind === 'file' && isArchiveName(entry.name)) found.archives.push(whole);
        else if (kind === 'file' && isImageName(entry.name)) found.images++;
      }
    } catch (error) {
      throw new UserError(
        `${path} cannot be listed: ${messageOf(error)}.`,
        'Do you have the right to read it?',
      );
    }
    const folders = sorted(found.folders);
    const archives = sorted(found.archives);
    const shown = folders.slice(0, SHOWN);
    return {
      folders: shown.map((folder) => this.places.give(folder)),
      archives: archives.slice(0, SHOWN - shown.length).map((archive) => this.places.give(archive)),
      images: found.images,
      problem: shortened(scanned, folders.length + archives.length),
    };
  }

  /** What a symbolic link leads to; undefined where that is outside the roots or missing. */
  private async behind(link: string): Promise<'folder' | 'file' | undefined> {
    try {
      const real = await realpath(link);
      if (!this.roots.some((root) => isWithin(real, root))) return undefined;
      return kindOf(await stat(real));
    } catch {
      return undefined;
    }
  }
}

const isEncoderName = (path: string): boolean => /\.(onnx|safetensors)$/i.test(path);
const isGroundTruthName = (path: string): boolean => /\.(csv|json)$/i.test(path);

/** `~` is the home folder. */
function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`)
    ? join(homedir(), path.slice(1))
    : path;
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function kindOf(entry: { isDirectory(): boolean; isFile(): boolean }): 'folder' | 'file' | undefined {
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : undefined;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const sorted = (paths: string[]): string[] => paths.sort((a, b) => collator.compare(a, b));

function shortened(scanned: number, choices: number): string | null {
  if (scanned > SCANNED) {
    return `Only the first ${SCANNED.toLocaleString('en')} entries were looked at. Type the path to go further.`;
  }
  if (choices > SHOWN) {
    return `Only the first ${SHOWN.toLocaleString('en')} of ${choices.toLocaleString('en')} are shown. Type the path to go further.`;
  }
  return null;
}

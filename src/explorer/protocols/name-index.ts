/** Finds the row that a ground truth names: published ones name files without their folders and endings. */

const withoutEnding = (name: string): string => name.replace(/\.[A-Za-z0-9]+$/, '');
const fileOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

export class NameIndex {
  /** Names that fit several rows, as they were asked for. */
  readonly ambiguous = new Set<string>();
  private readonly exact = new Map<string, number>();
  /** By file name without its ending; null where several have it. */
  private readonly loose = new Map<string, number | null>();

  /** @param names paths inside of the data, with forward slashes. */
  constructor(names: readonly string[]) {
    names.forEach((name, row) => {
      this.exact.set(name, row);
      const short = withoutEnding(fileOf(name));
      this.loose.set(short, this.loose.has(short) ? null : row);
    });
  }

  /** By path; else by the file's name, with or without its ending, where only one file has it. */
  find(name: string): number | undefined {
    const path = name.replaceAll('\\', '/');
    const exact = this.exact.get(path);
    if (exact !== undefined) return exact;
    // A name that has no ending may still have a dot in it.
    const loose = this.loose.get(fileOf(path)) ?? this.loose.get(withoutEnding(fileOf(path)));
    if (loose === null) this.ambiguous.add(name);
    return loose ?? undefined;
  }
}

/** The last lines of what a child printed, from chunks that end anywhere. */

/** Longer lines are cut: a progress bar without newlines must not fill memory. */
const LONGEST_LINE = 2000;

export class OutputTail {
  private readonly kept: string[] = [];
  private rest = '';

  /** @param onLine called once for each complete line, without its newline. */
  constructor(
    private readonly limit: number,
    private readonly onLine: (line: string) => void = () => {},
  ) {}

  push(chunk: string): void {
    const pieces = (this.rest + chunk).split(/\r?\n/);
    this.rest = pieces.pop()!;
    if (this.rest.length > LONGEST_LINE) {
      pieces.push(this.rest);
      this.rest = '';
    }
    for (const piece of pieces) this.add(piece.slice(0, LONGEST_LINE));
  }

  /** Takes what came after the last newline as a line. */
  end(): void {
    if (this.rest) this.add(this.rest);
    this.rest = '';
  }

  /** Oldest first. */
  lines(): readonly string[] {
    return this.kept;
  }

  private add(line: string): void {
    this.kept.push(line);
    if (this.kept.length > this.limit) this.kept.shift();
    this.onLine(line);
  }
}

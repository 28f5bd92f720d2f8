/** What of the runs table is in sight, and how another part comes into sight. */
import { rowWindow, scrollToRow, type RowWindow } from './window';

/** Of a row and of the head, px. */
export const ROW_HEIGHT = 32;

export class TableView {
  /** The element that scrolls. */
  scroller: HTMLElement | undefined = $state();
  /** Of the scroller, head included, px. */
  height = $state(0);
  #scrolled = $state(0);

  /** @param count of all rows. */
  sight(count: number): RowWindow {
    return rowWindow(this.#scrolled, this.#room, ROW_HEIGHT, count);
  }

  /** The scroller was scrolled. */
  follow(): void {
    this.#scrolled = this.scroller?.scrollTop ?? 0;
  }

  /** Brings the row at this place into sight whole. */
  reveal(index: number): void {
    if (index < 0 || !this.scroller) return;
    this.scroller.scrollTop = scrollToRow(index, this.scroller.scrollTop, this.#room, ROW_HEIGHT);
    this.follow();
  }

  focus(): void {
    this.scroller?.focus({ preventScroll: true });
  }

  /** The menu button of a run in sight. */
  menuButton(run: string): HTMLElement | null {
    return this.scroller?.querySelector<HTMLElement>(`[data-run="${CSS.escape(run)}"] .menu-button`) ?? null;
  }

  get #room(): number {
    return Math.max(0, this.height - ROW_HEIGHT);
  }
}

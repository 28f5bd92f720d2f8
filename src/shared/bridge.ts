/**
 * What Electron's preload puts on `window.selvedge`. In a browser there is none, and pages do without: a WebSocket
 * in place of the port, the folder picker in place of the dialogs, a download link in place of `save`.
 */
import type { Place } from './api/datasets';

/** `data` of the window's `message` event that brings the port: `event.source === window`, `event.ports[0]`. */
export const PORT_MESSAGE = 'selvedge:port';

export interface Bridge {
  /** As process.platform has it: "darwin", "win32", "linux". */
  readonly platform: string;
  /**
   * Asks the host for a MessagePort to talk to its procedures; it comes as a `message` event, see PORT_MESSAGE, and
   * must be started by the page. An earlier one is closed. No answer at all means that the host has no ear for this
   * page (it is just ending): ask again later.
   */
  connect(): void;
  /** The system's dialog. Null where the user took none. */
  chooseFolder(): Promise<Place | null>;
  /** Archives of images. Empty where the user took none. */
  chooseArchives(): Promise<Place[]>;
  /**
   * Files and folders that were dropped on the page, or pasted. Those without a path (pictures dragged out of a
   * web page) are left out.
   * @throws Error with a sentence where the host cannot use one of them.
   */
  dropped(files: readonly File[]): Promise<Place[]>;
  /**
   * Asks where to, and writes there what the host serves at `url`: an export, or a table as CSV; see api/files.ts.
   * @returns the path it was written to; null where the user cancelled.
   * @throws Error with a sentence where it could not be written.
   */
  save(url: string): Promise<string | null>;
  /** Menu items name an action of the page by its id, e.g. "go.runs". @returns a function that ends it. */
  onCommand(listener: (action: string) => void): () => void;
  /** A notification was clicked: the route to go to, e.g. "/runs/simclr-r18". @returns a function that ends it. */
  onGo(listener: (path: string) => void): () => void;
}

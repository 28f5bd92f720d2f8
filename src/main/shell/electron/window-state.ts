/** Where the window was when it was last closed, kept in userData/window.json. */
import type { Rectangle } from 'electron';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Log } from './log';

const sideSchema = z.int().min(1).max(100_000);
const placeSchema = z.int().min(-1_000_000).max(1_000_000);
const windowStateSchema = z.object({
  /** Of the window while it is not maximized, px. */
  bounds: z.object({ x: placeSchema, y: placeSchema, width: sideSchema, height: sideSchema }),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** @returns undefined where there is none yet; also where the file is broken, with a line in the log. */
export function readWindowState(file: string, log: Log): WindowState | undefined {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log('warning', `${file} is not a window's place and is ignored`, error);
    }
    return undefined;
  }
}

/** Whole or not at all: written beside and renamed. */
export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  writeFileSync(partial, `${JSON.stringify(state)}\n`);
  renameSync(partial, file);
}

/** What must be on a display for the window to be moved by its title bar, px. */
const TITLE_BAR = { width: 120, height: 30 };

/**
 * The bounds to restore: as they were where enough of the title bar is on one of the displays, else undefined.
 * @param displays work areas, without the bars of the system.
 */
export function visibleBounds(bounds: Rectangle, displays: readonly Rectangle[]): Rectangle | undefined {
  const isReachable = displays.some((display) => {
    const across =
      Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x);
    const isTopInside = bounds.y >= display.y && bounds.y + TITLE_BAR.height <= display.y + display.height;
    return isTopInside && across >= Math.min(TITLE_BAR.width, bounds.width);
  });
  return isReachable ? bounds : undefined;
}

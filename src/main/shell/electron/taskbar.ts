/** How far the live run is, on the icon in the taskbar or dock. */
import type { BrowserWindow } from 'electron';
import type { TaskbarState } from './run-watch';

export function showProgress(window: BrowserWindow, state: TaskbarState): void {
  switch (state.kind) {
    case 'none':
      return window.setProgressBar(-1);
    case 'unknown':
      return window.setProgressBar(2, { mode: 'indeterminate' });
    case 'part':
      return window.setProgressBar(state.fraction, { mode: state.paused ? 'paused' : 'normal' });
  }
}

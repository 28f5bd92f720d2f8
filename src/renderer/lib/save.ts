/** Saves what the host serves: the system's dialog in the desktop app, a download in a browser. */
import { toast, toastProblem } from './toasts.svelte';

/** @param name what the browser calls the file; empty takes the host's name for it. */
export async function saveFromHost(url: string, name = ''): Promise<void> {
  if (!window.selvedge) {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    return;
  }
  try {
    const path = await window.selvedge.save(url);
    if (path !== null) toast(`Saved to ${path}`);
  } catch (error) {
    toastProblem(error);
  }
}

/** Opens an address in the user's browser, where there is one. */
import { spawn } from 'node:child_process';

/** Never fails: the address stands in the terminal as well. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, args] = opener(url, platform);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

export function opener(url: string, platform: NodeJS.Platform): [command: string, args: string[]] {
  // `start` takes its first quoted argument for a window title.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url.replaceAll('&', '^&')]];
  return [platform === 'darwin' ? 'open' : 'xdg-open', [url]];
}

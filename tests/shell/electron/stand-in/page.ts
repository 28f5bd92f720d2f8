/** A page in a renderer process: runs the built preload in a sandbox's surroundings, and holds the page's ports. */
import { readFileSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import type { Bridge } from '../../../../src/shared/bridge';
import { acrossBridge } from './context-bridge';

/** What a page's process can do to the main process. */
export interface RendererLink {
  invoke(channel: string, args: unknown[]): Promise<unknown>;
  send(channel: string, args: unknown[]): void;
}

/** A message of the window's, as far as ports go. */
export interface PageMessage {
  data: unknown;
  ports: MessagePort[];
}

export class StandInPage {
  /** Paths of files on this computer; any other File was made by a script. */
  static readonly paths = new WeakMap<File, string>();

  readonly #ipc = new Map<string, ((event: unknown, ...args: unknown[]) => void)[]>();
  readonly #ports: MessagePort[] = [];
  readonly #listeners: ((message: PageMessage) => void)[] = [];
  readonly #exposed = new Map<string, unknown>();

  constructor(
    readonly link: RendererLink,
    preload: string,
  ) {
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: unknown) => this.#exposed.set(name, acrossBridge(api)),
      },
      ipcRenderer: {
        on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) =>
          this.#ipc.set(channel, [...(this.#ipc.get(channel) ?? []), listener]),
        send: (channel: string, ...args: unknown[]) => link.send(channel, args),
        invoke: (channel: string, ...args: unknown[]) => link.invoke(channel, args),
      },
      webUtils: { getPathForFile: (file: File) => StandInPage.paths.get(file) ?? '' },
    };
    // A sandboxed preload may require this and little else.
    const require = (name: string): unknown => {
      if (name === 'electron') return electron;
      throw new Error(`module not found: ${name}`);
    };
    const window = {
      postMessage: (data: unknown, _origin: string, ports: MessagePort[]) => {
        this.#ports.push(...ports);
        for (const listener of this.#listeners) listener({ data, ports });
      },
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function('require', 'window', 'process', readFileSync(preload, 'utf8')) as (
      ...given: unknown[]
    ) => void;
    run(require, window, { platform: process.platform });
  }

  get bridge(): Bridge {
    return this.#exposed.get('selvedge') as Bridge;
  }

  /** The port that the host sends after `connect()`. */
  connect(): Promise<MessagePort> {
    const port = new Promise<MessagePort>((resolve) => {
      this.#listeners.push(({ ports }) => resolve(ports[0]));
    });
    this.bridge.connect();
    return port;
  }

  /** The main process sends. */
  receive(channel: string, args: unknown[], ports: MessagePort[] = []): void {
    for (const listener of this.#ipc.get(channel) ?? []) listener({ ports }, ...args);
  }

  /** The page is left, or its process dies. */
  end(): void {
    for (const port of this.#ports) port.close();
    this.#ipc.clear();
  }
}

/** A file of the desktop's, as a drop brings it. */
export function fileAt(path: string): File {
  const file = new File([], path.split('/').at(-1) ?? path);
  StandInPage.paths.set(file, path);
  return file;
}

/** Windows and their contents: loading through the protocol handler, closing that can be prevented, crashes. */
import type * as Electron from 'electron';
import { StandInEmitter, StandInEvent } from './emitter';
import { StandInPage } from './page';
import type { StandInPortMain } from './ports';

/** What a window needs of the rest of the stand-in. */
export interface Surroundings {
  load(url: string, init?: RequestInit): Promise<Response>;
  invoke(channel: string, event: unknown, args: unknown[]): Promise<unknown>;
  send(channel: string, event: unknown, args: unknown[]): void;
  created(contents: StandInContents): void;
  closed(window: StandInWindow): void;
}

export class StandInFrame implements Pick<
  Electron.WebFrameMain,
  'url' | 'parent' | 'detached' | 'postMessage'
> {
  detached = false;

  constructor(
    public url: string,
    readonly parent: Electron.WebFrameMain | null,
    private readonly page: () => StandInPage | undefined,
  ) {}

  postMessage(channel: string, message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    const ports = (transfer as unknown as StandInPortMain[]).map(({ port }) => port);
    // Arrives later, as between processes.
    setImmediate(() => this.page()?.receive(channel, [structuredClone(message)], ports));
  }
}

export class StandInContents
  extends StandInEmitter
  implements
    Pick<Electron.WebContents, 'getURL' | 'isLoadingMainFrame' | 'reload' | 'send' | 'setWindowOpenHandler'>
{
  page: StandInPage | undefined;
  frame: StandInFrame | undefined;
  reloads = 0;
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | undefined;
  #isLoading = false;

  constructor(
    readonly surroundings: Surroundings,
    readonly preload: string,
  ) {
    super('WebContents');
    surroundings.created(this);
  }

  getURL = (): string => this.frame?.url ?? '';
  isLoadingMainFrame = (): boolean => this.#isLoading;
  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }

  async load(url: string): Promise<void> {
    this.#isLoading = true;
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false });
    this.page?.end();
    this.page = undefined;
    const response = await this.surroundings.load(url);
    if (!response.ok) {
      this.#isLoading = false;
      throw new Error(`ERR_FAILED (${response.status}) loading '${url}'`);
    }
    this.frame = new StandInFrame(url, null, () => this.page);
    this.page = this.#pageOf(this.frame);
    this.#isLoading = false;
    this.emit('did-finish-load');
  }

  reload(): void {
    this.reloads++;
    void this.load(this.getURL());
  }

  send(channel: string, ...args: unknown[]): void {
    this.page?.receive(channel, structuredClone(args));
  }

  /** A frame inside of the page, or a page of another origin: with the same preload, for the worst case. */
  intruder(url: string, isTop: boolean): StandInPage {
    const parent = isTop ? null : (this.frame as unknown as Electron.WebFrameMain);
    return this.#pageOf(new StandInFrame(url, parent, () => undefined));
  }

  /** The page wants to go somewhere: true where it may. */
  navigate(url: string, isMainFrame = true): boolean {
    const event = Object.assign(new StandInEvent(), { url, isMainFrame });
    this.emit('will-frame-navigate', event);
    return !event.defaultPrevented;
  }

  crash(reason: Electron.RenderProcessGoneDetails['reason'], exitCode = 1): void {
    this.page?.end();
    this.page = undefined;
    this.emit('render-process-gone', new StandInEvent(), { reason, exitCode });
  }

  #pageOf(frame: StandInFrame): StandInPage {
    const event = { sender: this, senderFrame: frame };
    return new StandInPage(
      {
        invoke: async (channel, args) => {
          const answer = await this.surroundings.invoke(channel, event, structuredClone(args));
          return structuredClone(answer);
        },
        send: (channel, args) => this.surroundings.send(channel, event, structuredClone(args)),
      },
      this.preload,
    );
  }
}

type Methods = Pick<
  Electron.BrowserWindow,
  | 'close'
  | 'destroy'
  | 'focus'
  | 'getNormalBounds'
  | 'isDestroyed'
  | 'isFocused'
  | 'isMaximized'
  | 'isMinimized'
  | 'loadURL'
  | 'maximize'
  | 'restore'
  | 'setBackgroundColor'
  | 'setProgressBar'
  | 'show'
>;

export abstract class StandInWindow extends StandInEmitter implements Methods {
  readonly webContents: StandInContents;
  bounds: Electron.Rectangle;
  shown = 0;
  focused = false;
  minimized = false;
  maximized = false;
  destroyed = false;
  backgroundColor: string | undefined;
  /** As last set: [value, mode]. */
  progress: [number, string | undefined] | undefined;

  constructor(
    readonly options: Electron.BrowserWindowConstructorOptions,
    private readonly surroundings: Surroundings,
  ) {
    super('BrowserWindow');
    const { x = 100, y = 100, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    this.backgroundColor = options.backgroundColor;
    const preload = options.webPreferences?.preload;
    if (!preload) throw new Error('the window has no preload');
    this.webContents = new StandInContents(surroundings, preload);
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }

  show(): void {
    this.shown++;
    this.focus();
  }
  focus(): void {
    this.focused = true;
    this.emit('focus');
  }
  blur(): void {
    this.focused = false;
    this.emit('blur');
  }
  restore(): void {
    this.minimized = false;
  }
  maximize(): void {
    this.maximized = true;
    this.emit('resize');
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }
  setProgressBar(progress: number, options?: Electron.ProgressBarOptions): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    this.progress = [progress, options?.mode];
  }
  getNormalBounds = (): Electron.Rectangle => this.bounds;
  isDestroyed = (): boolean => this.destroyed;
  isFocused = (): boolean => this.focused;
  isMaximized = (): boolean => this.maximized;
  isMinimized = (): boolean => this.minimized;

  close(): void {
    if (this.destroyed) return;
    const event = new StandInEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    this.destroyed = true;
    this.webContents.page?.end();
    this.webContents.emit('destroyed');
    this.emit('closed');
    this.surroundings.closed(this);
  }
}

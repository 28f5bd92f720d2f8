/**
 * A stand-in of the electron module, faithful where the shell touches it: real message ports, the built preload,
 * requests through the protocol handler, quitting and closing that can be prevented. Its members are checked against
 * Electron's own types.
 */
import type * as Electron from 'electron';
import { join } from 'node:path';
import { StandInEmitter, StandInEvent } from './emitter';
import { StandInChannelMain } from './ports';
import { StandInWindow, type StandInContents, type Surroundings } from './window';

export { listenedFor } from './emitter';
export { fileAt, type StandInPage } from './page';
export type { StandInWindow } from './window';

type Handler = Parameters<Electron.Protocol['handle']>[1];
type InvokeListener = Parameters<Electron.IpcMain['handle']>[1];

export type StandIn = ReturnType<typeof createStandIn>;

/**
 * @param folder of this instance's own: its profile is there.
 * @param isFirst false where another instance holds the lock.
 */
export function createStandIn(folder: string, isFirst = true) {
  const handlers = new Map<string, Handler>();
  const invokeListeners = new Map<string, InvokeListener>();
  const state = {
    schemes: [] as Electron.CustomScheme[],
    windows: [] as StandInWindow[],
    /** What was asked in dialogs, in order. */
    dialogs: [] as Electron.MessageBoxOptions[],
    errorBoxes: [] as string[],
    openDialogs: [] as Electron.OpenDialogOptions[],
    saveDialogs: [] as Electron.SaveDialogOptions[],
    /** What the user will answer: the index of a button; a dialog without an answer stays open. */
    answers: [] as number[],
    chosenPaths: [] as string[],
    savePath: undefined as string | undefined,
    notifications: [] as StandInNotification[],
    trays: [] as StandInTray[],
    menu: [] as Electron.MenuItemConstructorOptions[],
    opened: [] as string[],
    badge: 0,
    /** Numbers of the wake locks that are held. */
    wakeLocks: new Set<number>(),
    /** The exit code, once it has ended. */
    ended: undefined as number | undefined,
    lockData: undefined as unknown,
  };

  class StandInApp
    extends StandInEmitter
    implements
      Pick<
        Electron.App,
        | 'exit'
        | 'getPath'
        | 'isReady'
        | 'quit'
        | 'requestSingleInstanceLock'
        | 'setAppUserModelId'
        | 'setBadgeCount'
        | 'setName'
        | 'setPath'
        | 'whenReady'
      >
  {
    name = 'selvedge';
    readonly isPackaged = false;
    readonly commandLine = {
      hasSwitch: (_name: string): boolean => false,
    } satisfies Partial<Electron.CommandLine>;
    readonly paths: Record<string, string> = { appData: folder, downloads: join(folder, 'Downloads') };
    isQuitting = false;

    getPath = (name: string): string => this.paths[name] ?? join(folder, name);
    setPath(name: string, path: string): void {
      this.paths[name] = path;
    }
    setName(name: string): void {
      this.name = name;
    }
    setAppUserModelId(): void {
      // Windows only.
    }
    isReady = (): boolean => true;
    whenReady = (): Promise<void> => Promise.resolve();
    requestSingleInstanceLock(data?: Record<string, unknown>): boolean {
      state.lockData = data;
      return isFirst;
    }
    setBadgeCount(count = 0): boolean {
      state.badge = count;
      return true;
    }

    quit(): void {
      if (state.ended !== undefined) return;
      const before = new StandInEvent();
      this.emit('before-quit', before);
      if (before.defaultPrevented) return;
      this.isQuitting = true;
      for (const window of [...state.windows]) window.close();
      if (state.windows.length > 0) {
        this.isQuitting = false;
        return;
      }
      const will = new StandInEvent();
      this.emit('will-quit', will);
      this.isQuitting = false;
      if (!will.defaultPrevented) this.#end(0);
    }

    exit(code = 0): void {
      for (const window of [...state.windows]) window.destroy();
      this.#end(code);
    }

    #end(code: number): void {
      if (state.ended !== undefined) return;
      state.ended = code;
      this.emit('quit', new StandInEvent(), code);
    }
  }
  const app = new StandInApp('App');

  const surroundings: Surroundings = {
    load: async (url, init) => {
      const handler = handlers.get(new URL(url).protocol.slice(0, -1));
      if (!handler) throw new Error(`ERR_UNKNOWN_URL_SCHEME loading '${url}'`);
      return handler(new Request(url, init));
    },
    invoke: async (channel, event, args) => {
      const listener = invokeListeners.get(channel);
      if (!listener) throw new Error(`No handler registered for '${channel}'`);
      return listener(event as Electron.IpcMainInvokeEvent, ...args) as unknown;
    },
    send: (channel, event, args) => void ipcMain.emit(channel, event, ...args),
    created: (contents: StandInContents) =>
      void app.emit('web-contents-created', new StandInEvent(), contents),
    closed: (window) => {
      state.windows.splice(state.windows.indexOf(window), 1);
      if (state.windows.length === 0 && !app.isQuitting) app.emit('window-all-closed');
    },
  };

  class BrowserWindow extends StandInWindow {
    static fromWebContents = (contents: unknown): StandInWindow | null =>
      state.windows.find(({ webContents }) => webContents === contents) ?? null;

    constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
      super(options, surroundings);
      state.windows.push(this);
    }
  }

  class IpcMain extends StandInEmitter implements Pick<Electron.IpcMain, 'handle'> {
    handle(channel: string, listener: InvokeListener): void {
      if (invokeListeners.has(channel))
        throw new Error(`Attempted to register a second handler for '${channel}'`);
      invokeListeners.set(channel, listener);
    }
  }
  // Its events are the channels: names of ours, not Electron's.
  const ipcMain = new IpcMain('channel');

  class StandInNotification
    extends StandInEmitter
    implements Pick<Electron.Notification, 'show' | 'title' | 'body'>
  {
    static isSupported = (): boolean => true;
    readonly title: string;
    readonly body: string;
    constructor({ title = '', body = '' }: Electron.NotificationConstructorOptions = {}) {
      super('Notification');
      [this.title, this.body] = [title, body];
    }
    show(): void {
      state.notifications.push(this);
    }
  }

  class StandInTray
    extends StandInEmitter
    implements Pick<Electron.Tray, 'destroy' | 'setToolTip' | 'isDestroyed'>
  {
    menu: Electron.MenuItemConstructorOptions[] = [];
    #isDestroyed = false;
    constructor(readonly image: string) {
      super('Tray');
      state.trays.push(this);
    }
    setToolTip(): void {
      // Nothing to see.
    }
    setContextMenu(menu: { template: Electron.MenuItemConstructorOptions[] }): void {
      this.menu = menu.template;
    }
    isDestroyed = (): boolean => this.#isDestroyed;
    destroy(): void {
      this.#isDestroyed = true;
    }
  }

  class NativeTheme
    extends StandInEmitter
    implements Pick<Electron.NativeTheme, 'shouldUseDarkColors' | 'themeSource'>
  {
    #source: Electron.NativeTheme['themeSource'] = 'system';
    get themeSource() {
      return this.#source;
    }
    set themeSource(source) {
      this.#source = source;
      this.emit('updated');
    }
    get shouldUseDarkColors() {
      return this.#source === 'dark';
    }
  }

  class Session
    extends StandInEmitter
    implements
      Pick<
        Electron.Session,
        'setDevicePermissionHandler' | 'setPermissionCheckHandler' | 'setPermissionRequestHandler'
      >
  {
    request: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
    check: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
    device: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;
    setPermissionRequestHandler(handler: typeof this.request): void {
      this.request = handler;
    }
    setPermissionCheckHandler(handler: typeof this.check): void {
      this.check = handler;
    }
    setDevicePermissionHandler(handler: typeof this.device): void {
      this.device = handler;
    }
  }
  const defaultSession = new Session('Session');

  /** Dialogs take a window before their options, or not. */
  const optionsIn = (args: unknown[]): unknown => args.at(-1);

  const module = {
    app,
    BrowserWindow,
    dialog: {
      showMessageBox: (...args: unknown[]) => {
        state.dialogs.push(optionsIn(args) as Electron.MessageBoxOptions);
        const response = state.answers.shift();
        return response === undefined
          ? new Promise<Electron.MessageBoxReturnValue>(() => undefined)
          : Promise.resolve({ response, checkboxChecked: false });
      },
      showErrorBox: (title: string, content: string) => void state.errorBoxes.push(`${title}: ${content}`),
      showOpenDialog: (...args: unknown[]) => {
        state.openDialogs.push(optionsIn(args) as Electron.OpenDialogOptions);
        return Promise.resolve({ canceled: state.chosenPaths.length === 0, filePaths: state.chosenPaths });
      },
      showSaveDialog: (...args: unknown[]) => {
        state.saveDialogs.push(optionsIn(args) as Electron.SaveDialogOptions);
        return Promise.resolve({ canceled: state.savePath === undefined, filePath: state.savePath ?? '' });
      },
    } satisfies Partial<Electron.Dialog>,
    ipcMain,
    Menu: {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => ({ template }),
      setApplicationMenu: ({ template }: { template: Electron.MenuItemConstructorOptions[] }) => {
        state.menu = template;
      },
    },
    MessageChannelMain: StandInChannelMain,
    nativeTheme: new NativeTheme('NativeTheme'),
    Notification: StandInNotification,
    powerMonitor: new StandInEmitter('PowerMonitor'),
    powerSaveBlocker: {
      start: (_type: 'prevent-app-suspension' | 'prevent-display-sleep') => {
        const id = Math.max(0, ...state.wakeLocks) + 1;
        state.wakeLocks.add(id);
        return id;
      },
      stop: (id: number) => state.wakeLocks.delete(id),
    } satisfies Partial<Electron.PowerSaveBlocker>,
    protocol: {
      handle: (scheme: string, handler: Handler) => void handlers.set(scheme, handler),
      registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => void state.schemes.push(...schemes),
    } satisfies Partial<Electron.Protocol>,
    screen: {
      getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Electron.Display],
    } satisfies Partial<Electron.Screen>,
    session: { defaultSession },
    shell: {
      openExternal: (url: string) => {
        state.opened.push(url);
        return Promise.resolve();
      },
      openPath: (path: string) => {
        state.opened.push(path);
        return Promise.resolve('');
      },
      showItemInFolder: (path: string) => void state.opened.push(path),
    } satisfies Partial<Electron.Shell>,
    Tray: StandInTray,
  } satisfies Partial<Record<keyof typeof Electron, unknown>>;

  /** What the protocol handler answers. */
  const fetch = (url: string, init?: RequestInit): Promise<Response> => surroundings.load(url, init);
  return { module, app, state, session: defaultSession, fetch };
}

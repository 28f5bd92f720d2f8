/** src/main/shell/electron against a stand-in of the electron module: what it asks Electron for. */
import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

type Handler = (request: Request) => Response | Promise<Response>;
type Decide = (contents: unknown, permission: string, decide: (allowed: boolean) => void) => void;

const electron = vi.hoisted(() => {
  const state = {
    windows: [] as { options: Record<string, unknown>; url: string; focused: number }[],
    schemes: [] as unknown[],
    handlers: new Map<string, unknown>(),
    permissions: { request: undefined as unknown, check: undefined as unknown },
    listeners: new Map<string, (...args: never[]) => void>(),
  };
  class BrowserWindow {
    static getAllWindows = () => state.windows;
    url = '';
    focused = 0;
    constructor(public options: Record<string, unknown>) {
      state.windows.push(this);
    }
    once = () => this;
    show = () => undefined;
    isMinimized = () => false;
    focus = () => this.focused++;
    loadURL = (url: string) => {
      this.url = url;
      return Promise.resolve();
    };
  }
  const module = {
    app: {
      on: (name: string, listener: (...args: never[]) => void) => state.listeners.set(name, listener),
      requestSingleInstanceLock: () => true,
      whenReady: () => Promise.resolve(),
      quit: () => undefined,
    },
    BrowserWindow,
    nativeTheme: { shouldUseDarkColors: false },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => state.schemes.push(...schemes),
      handle: (scheme: string, handler: unknown) => state.handlers.set(scheme, handler),
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: unknown) => (state.permissions.request = handler),
        setPermissionCheckHandler: (handler: unknown) => (state.permissions.check = handler),
      },
    },
  };
  return { state, module };
});
vi.mock('electron', () => electron.module);

const { state } = electron;

beforeAll(async () => {
  vi.stubEnv('SELVEDGE_LIBRARY', '/nonexistent/selvedge-library');
  await import('../../src/main/shell/electron/index');
  await vi.waitFor(() => expect(state.windows).toHaveLength(1));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

test('the window is isolated, sandboxed and without Node', () => {
  expect(state.windows[0].options['webPreferences']).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  expect(state.windows[0].url).toBe('app://selvedge/');
});

test('a second start brings the window to the front', () => {
  state.listeners.get('second-instance')?.();
  expect(state.windows[0].focused).toBe(1);
});

describe('app://', () => {
  const ask = (url: string) => (state.handlers.get('app') as Handler)(new Request(url));

  test('is a standard, secure scheme', () => {
    expect(state.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('answers as the headless server does', async () => {
    const response = await ask('app://selvedge/api/runs');
    expect(await response.json()).toEqual({ library: '/nonexistent/selvedge-library', runs: [] });
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
  });

  test('has one host only', async () => {
    expect((await ask('app://elsewhere/api/runs')).status).toBe(404);
  });
});

test('no permission is ever given', () => {
  const decide = vi.fn();
  (state.permissions.request as Decide)(null, 'geolocation', decide);
  expect(decide).toHaveBeenCalledWith(false);
  expect((state.permissions.check as () => boolean)()).toBe(false);
});

test('a page can neither navigate, open windows nor embed pages', () => {
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() });
  (state.listeners.get('web-contents-created') as (event: unknown, contents: unknown) => void)(
    null,
    contents,
  );
  for (const name of ['will-navigate', 'will-attach-webview']) {
    const preventDefault = vi.fn();
    contents.emit(name, { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  }
  const open = contents.setWindowOpenHandler.mock.calls[0][0] as () => unknown;
  expect(open()).toEqual({ action: 'deny' });
});

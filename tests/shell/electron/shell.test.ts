/** The built main bundle and the built preload, in a stand-in of Electron with real message ports. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Contract } from '../../../src/shared/api/contract';
import { runRowsSchema } from '../../../src/shared/api/run-rows';
import { createStandIn, fileAt, listenedFor, type StandIn, type StandInWindow } from './stand-in';
import { loadShell } from './stand-in/load-shell';

type Client = ContractRouterClient<Contract>;

let folder: string;
let library: string;
let electron: StandIn;
let unload: () => void;

const window = (): StandInWindow => electron.state.windows[0];
const page = () => window().webContents.page!;
const log = () => readFileSync(join(folder, 'selvedge-desktop/logs/selvedge.log'), 'utf8');
const until = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

function clientOn(port: MessagePort): Client {
  const link = new RPCLink({ port });
  return createORPCClient<Client>(link);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-electron-'));
  library = join(folder, 'library');
  mkdirSync(join(folder, 'selvedge-desktop'));
  writeFileSync(
    join(folder, 'selvedge-desktop/window.json'),
    JSON.stringify({ bounds: { x: 200, y: 120, width: 1000, height: 700 }, maximized: true }),
  );
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  electron = createStandIn(folder);
  unload = await loadShell(electron, ['--library', library, '--root', folder]);
  await until(() => expect(electron.state.windows).toHaveLength(1));
  await until(() => expect(page()).toBeDefined());
}, 30_000);

afterAll(async () => {
  electron.app.quit();
  await until(() => expect(electron.state.ended).toBe(0));
  unload();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

describe('the window', () => {
  test('is isolated, sandboxed and without Node', () => {
    expect(window().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window().webContents.getURL()).toBe('app://selvedge/');
  });

  test('is where it was left, and shown once there is something to see', () => {
    expect(window().options).toMatchObject({ show: false, x: 200, y: 120, width: 1000, height: 700 });
    expect(window().maximized).toBe(true);
    expect(window().shown).toBeGreaterThan(0);
  });

  test('is remembered when it is moved', async () => {
    window().maximized = false;
    window().bounds = { x: 300, y: 200, width: 900, height: 640 };
    window().emit('move');
    await until(() =>
      expect(JSON.parse(readFileSync(join(folder, 'selvedge-desktop/window.json'), 'utf8'))).toEqual({
        bounds: { x: 300, y: 200, width: 900, height: 640 },
        maximized: false,
      }),
    );
  });
});

describe('app://', () => {
  test('is a standard, secure scheme', () => {
    expect(electron.state.schemes).toMatchObject([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(electron.state.schemes[0].privileges).not.toHaveProperty('bypassCSP');
  });

  test('serves the pages, under a policy that lets nothing else in', async () => {
    const response = await electron.fetch('app://selvedge/');
    expect(await response.text()).toContain('<title>Selvedge</title>');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
  });

  test('answers as the headless server does', async () => {
    const response = await electron.fetch('app://selvedge/data/runs?metrics=loss');
    expect(runRowsSchema.parse(await response.json()).rows).toEqual([]);
  });

  test('has one host only', async () => {
    expect((await electron.fetch('app://elsewhere/data/runs')).status).toBe(404);
    expect((await electron.fetch('app://selvedge.example/data/runs')).status).toBe(404);
  });
});

describe('the port', () => {
  test('carries the procedures and the events', async () => {
    const host = clientOn(await page().connect());
    expect(await host.host.info()).toMatchObject({ library, writable: true, shell: 'electron' });
    await expect(host.runs.get({ run: 'nothing' })).rejects.toThrow(/nothing/);

    const events = await host.events({ after: null });
    const settings = await host.host.changeSettings({ theme: 'dark' });
    expect(settings.theme).toBe('dark');
    for await (const { event } of events) {
      if (event.type !== 'settings') continue;
      expect(event.settings.theme).toBe('dark');
      break;
    }
  });

  test('follows the theme that was set', async () => {
    const host = clientOn(await page().connect());
    await host.host.changeSettings({ theme: 'dark' });
    await until(() => expect(electron.module.nativeTheme.themeSource).toBe('dark'));
    expect(window().backgroundColor).toBe('#12151c');
  });

  test('ends with the page: a reload gets another', async () => {
    const first = await page().connect();
    const closed = new Promise<void>((resolve) => void first.once('close', resolve));
    window().webContents.reload();
    await closed;
    await until(() => expect(page()).toBeDefined());
    expect(await clientOn(await page().connect()).host.info()).toMatchObject({ library });
  });

  test('is one at a time', async () => {
    const first = await page().connect();
    const closed = new Promise<void>((resolve) => void first.once('close', resolve));
    const host = clientOn(await page().connect());
    await closed;
    expect(await host.host.info()).toMatchObject({ library });
  });
});

describe('the bridge', () => {
  test('has no more than it needs, and cannot be changed', () => {
    expect(Object.keys(page().bridge).sort()).toEqual([
      'chooseArchives',
      'chooseFolder',
      'connect',
      'dropped',
      'onCommand',
      'onGo',
      'platform',
      'save',
    ]);
    expect(Object.isFrozen(page().bridge)).toBe(true);
  });

  test('opens the dialog for folders, and makes what was chosen a place that can be added', async () => {
    const images = join(folder, 'images');
    mkdirSync(images, { recursive: true });
    electron.state.chosenPaths = [images];
    const place = await page().bridge.chooseFolder();
    expect(place).toMatchObject({ path: images, name: 'images' });
    expect(electron.state.openDialogs.at(-1)).toMatchObject({ properties: ['openDirectory'] });

    const host = clientOn(await page().connect());
    expect(await host.datasets.add({ place: place!.id })).toMatchObject({ path: images });
    electron.state.chosenPaths = [];
    expect(await page().bridge.chooseFolder()).toBeNull();
    expect(await page().bridge.chooseArchives()).toEqual([]);
  });

  test('registers what was dropped, by the path that only a real file has', async () => {
    const archive = join(folder, 'birds.zip');
    writeFileSync(archive, '');
    const places = await page().bridge.dropped([fileAt(archive), new File([], 'made-up.zip')]);
    expect(places).toMatchObject([{ path: archive, name: 'birds.zip' }]);
    expect(await page().bridge.dropped([new File([], 'made-up.zip')])).toEqual([]);
  });

  test('saves what the host serves, whole or not at all', async () => {
    electron.state.savePath = join(folder, 'runs.csv');
    expect(await page().bridge.save('/data/runs.csv?ids=&metrics=loss')).toBe(electron.state.savePath);
    expect(readFileSync(electron.state.savePath, 'utf8')).toMatch(/^id,/);

    electron.state.savePath = join(folder, 'missing/runs.csv');
    await expect(page().bridge.save('/data/runs.csv?ids=&metrics=loss')).rejects.toThrow(
      /could not be written/,
    );
    electron.state.savePath = undefined;
    expect(await page().bridge.save('/data/runs.csv?ids=&metrics=loss')).toBeNull();
  });

  test('saves nothing that the host does not serve as a file', async () => {
    const asked = electron.state.saveDialogs.length;
    await expect(page().bridge.save('/exports/nothing')).rejects.toThrow(/./);
    await expect(page().bridge.save('/index.html')).rejects.toThrow(/does not understand/);
    await expect(page().bridge.save('//elsewhere/exports/x')).rejects.toThrow(/does not understand/);
    expect(electron.state.saveDialogs).toHaveLength(asked);
  });
});

describe('another sender', () => {
  test.each([
    ['a page of another origin', 'https://example.com/', true],
    ['a page that looks alike', 'app://selvedge.example.com/', true],
    ['a frame inside of ours', 'app://selvedge/', false],
  ])('%s is refused, and written down', async (_name, url, isTop) => {
    const asked = electron.state.openDialogs.length;
    const intruder = window().webContents.intruder(url, isTop);
    await expect(intruder.bridge.chooseFolder()).rejects.toThrow('Only pages of Selvedge');
    await expect(intruder.bridge.dropped([fileAt('/etc/passwd')])).rejects.toThrow('Only pages of Selvedge');
    await expect(intruder.bridge.save('/data/runs.csv')).rejects.toThrow('Only pages of Selvedge');
    expect(electron.state.openDialogs).toHaveLength(asked);
    expect(log()).toContain(`at ${url}`);
  });

  test('gets no port', async () => {
    const ours = await page().connect();
    let isClosed = false;
    ours.once('close', () => (isClosed = true));
    window().webContents.intruder('https://example.com/', true).bridge.connect();
    expect(await clientOn(ours).host.info()).toMatchObject({ library });
    expect(isClosed).toBe(false);
    expect(log()).toContain('refused selvedge:connect');
  });

  test('and our own page is refused what it must not say', async () => {
    const { link } = page();
    for (const input of ['relative/path', [42], [], Array<string>(2000).fill('/tmp')]) {
      expect(await link.invoke('selvedge:dropped', [input])).toMatchObject({ ok: false });
    }
    expect(await link.invoke('selvedge:choose-folder', ['/etc'])).toMatchObject({ ok: false });
  });
});

describe('a page can not', () => {
  test('navigate away; links that we know open in the browser', () => {
    electron.state.opened = [];
    const { webContents } = window();
    expect(webContents.navigate('https://example.com/')).toBe(false);
    expect(webContents.navigate('file:///etc/passwd')).toBe(false);
    expect(webContents.navigate('https://arxiv.org/abs/2002.05709')).toBe(false);
    expect(electron.state.opened).toEqual(['https://arxiv.org/abs/2002.05709']);
    expect(webContents.navigate(webContents.getURL())).toBe(true);
    expect(webContents.navigate(webContents.getURL(), false)).toBe(false);
  });

  test('open windows', () => {
    electron.state.opened = [];
    const open = (url: string) =>
      window().webContents.openHandler?.({
        url,
        frameName: '',
        features: '',
        disposition: 'new-window',
        referrer: { url: '', policy: 'default' },
      });
    for (const url of [
      'https://example.com/',
      'http://arxiv.org/',
      'https://arxiv.org@example.com/',
      'https://arxiv.org.example.com/',
      'https://arxiv.org:8443/',
      'javascript:alert(1)',
      'not a url',
    ]) {
      expect(open(url)).toEqual({ action: 'deny' });
    }
    expect(electron.state.opened).toEqual([]);
    expect(open('https://github.com/')).toEqual({ action: 'deny' });
    expect(electron.state.opened).toEqual(['https://github.com/']);
  });

  test('embed pages', () => {
    const preventDefault = vi.fn();
    window().webContents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  test('download from elsewhere', () => {
    const download = (url: string) => {
      const event = { preventDefault: vi.fn() };
      electron.session.emit('will-download', event, { getURL: () => url });
      return event.preventDefault.mock.calls.length === 0;
    };
    expect(download('https://example.com/virus.exe')).toBe(false);
    expect(download('app://selvedge/exports/1')).toBe(true);
  });

  test('have permissions, but for putting text on the clipboard', () => {
    const request = (
      permission: 'geolocation' | 'media' | 'clipboard-read' | 'clipboard-sanitized-write',
      url: string,
    ) => {
      const decide = vi.fn();
      electron.session.request?.({} as never, permission, decide, { requestingUrl: url, isMainFrame: true });
      return decide.mock.calls[0][0] as boolean;
    };
    expect(request('geolocation', 'app://selvedge/')).toBe(false);
    expect(request('media', 'app://selvedge/')).toBe(false);
    expect(request('clipboard-read', 'app://selvedge/')).toBe(false);
    expect(request('clipboard-sanitized-write', 'https://example.com/')).toBe(false);
    expect(request('clipboard-sanitized-write', 'app://selvedge/')).toBe(true);
    const check = electron.session.check!;
    expect(check(null, 'notifications', 'app://selvedge', { isMainFrame: true })).toBe(false);
    expect(electron.session.device?.({} as never)).toBe(false);
  });
});

describe('the menu', () => {
  const items = () => electron.state.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const click = (id: string) => {
    const item = items().find((each) => each.id === id);
    (item?.click as unknown as () => void)();
  };

  test('has the page run its actions, on the page that has them', () => {
    const heard: string[] = [];
    const ends = [
      page().bridge.onCommand((action) => heard.push(action)),
      page().bridge.onGo((path) => heard.push(path)),
    ];
    for (const id of ['go.new', 'data.add', 'run.stop', 'app.palette']) click(id);
    for (const end of ends) end();
    click('go.settings');
    expect(heard).toEqual(['go.new', '/data', 'data.add', 'run.stop', 'app.palette']);
  });

  test('waits for a page that is just loading', async () => {
    window().webContents.reload();
    click('go.data');
    await until(() => expect(page()).toBeDefined());
    const heard: string[] = [];
    page().bridge.onCommand((action) => heard.push(action));
    await until(() => expect(heard).toContain('go.data'));
  });

  test('opens the library folder and the guides', () => {
    electron.state.opened = [];
    click('library-folder');
    click('documentation');
    expect(electron.state.opened).toEqual([library, expect.stringMatching(/docs$/)]);
  });
});

describe('a crash', () => {
  test('of the page loads it anew; the second asks', async () => {
    const { webContents } = window();
    const before = webContents.reloads;
    webContents.crash('clean-exit');
    webContents.crash('crashed', 139);
    await until(() => expect(webContents.reloads).toBe(before + 1));
    await until(() => expect(webContents.page).toBeDefined());
    expect(log()).toMatch(/the page's process ended: crashed, code 139/);

    const asked = electron.state.dialogs.length;
    electron.state.answers = [0];
    webContents.crash('oom');
    await until(() => expect(webContents.reloads).toBe(before + 2));
    expect(electron.state.dialogs.slice(asked)).toMatchObject([
      { message: 'The window has crashed again.', buttons: ['Reload', 'Close the Window'] },
    ]);
    expect(electron.state.dialogs.at(-1)?.detail).toMatch(/out of memory/);
    await until(() => expect(webContents.page).toBeDefined());
    expect(await clientOn(await page().connect()).host.info()).toMatchObject({ library });
  });

  test('of the main process is written down and told, once', async () => {
    const listener = process.listeners('uncaughtException').at(-1)!;
    const asked = electron.state.dialogs.length;
    electron.state.answers = [1];
    electron.state.opened = [];
    listener(new Error('a bug of ours'), 'uncaughtException');
    listener(new Error('another one'), 'uncaughtException');
    expect(log()).toMatch(/a bug of ours[\s\S]*another one/);
    expect(electron.state.dialogs.slice(asked)).toMatchObject([
      { message: 'Something went wrong inside Selvedge.', detail: expect.stringContaining('a bug of ours') },
    ]);
    await until(() =>
      expect(electron.state.opened).toEqual([join(folder, 'selvedge-desktop/logs/selvedge.log')]),
    );
  });
});

describe('a second start', () => {
  test('brings the window to the front', () => {
    window().minimized = true;
    window().focused = false;
    electron.app.emit('second-instance', {}, [], '/', { library });
    expect(window().minimized).toBe(false);
    expect(window().focused).toBe(true);
  });

  test('is told where it wanted another library', () => {
    const asked = electron.state.dialogs.length;
    electron.app.emit('second-instance', {}, [], '/', { library: '/elsewhere' });
    expect(electron.state.dialogs.slice(asked)).toMatchObject([
      { detail: expect.stringContaining('To open /elsewhere, quit Selvedge first') },
    ]);
  });

  test('ends without opening anything', async () => {
    const second = createStandIn(folder, false);
    vi.spyOn(console, 'log').mockReturnValue(undefined);
    const unloadSecond = await loadShell(second, ['--library', library]);
    unloadSecond();
    expect(second.state.ended).toBe(0);
    expect(second.state.windows).toEqual([]);
    expect(second.state.lockData).toEqual({ library });
  });
});

describe('a start that cannot be', () => {
  test('is told, with what to do', async () => {
    const elsewhere = mkdtempSync(join(folder, 'profile-'));
    writeFileSync(join(elsewhere, 'file'), '');
    const other = createStandIn(elsewhere);
    const unloadOther = await loadShell(other, ['--library', join(elsewhere, 'file/library')]);
    await until(() => expect(other.state.ended).toBe(3));
    unloadOther();
    expect(other.state.errorBoxes[0]).toMatch(/could not start: The library folder .* cannot be used/);
    expect(other.state.windows).toEqual([]);
  });

  test('is told where an option lacks its value', async () => {
    const other = createStandIn(mkdtempSync(join(folder, 'profile-')));
    const unloadOther = await loadShell(other, ['--library']);
    unloadOther();
    expect(other.state.ended).toBe(3);
    expect(other.state.errorBoxes[0]).toMatch(/--library needs a folder/);
  });
});

test("all that the shell listens for is in Electron's types", () => {
  const types = readFileSync('node_modules/electron/electron.d.ts', 'utf8');
  const missing = [...listenedFor].filter((entry) => {
    const [kind, event] = entry.split(': ');
    if (kind === 'channel') return false;
    const start = new RegExp(`^ {2}(class|interface) ${kind}\\b`, 'm').exec(types)?.index;
    if (start === undefined) return true;
    return !types.slice(start, types.indexOf('\n  }\n', start)).includes(`on(event: '${event}'`);
  });
  expect(missing).toEqual([]);
  expect(listenedFor.size).toBeGreaterThan(15);
});

/** The headless server with real sockets: who is let in, and how much of what. src/main/shell/headless */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openApp, type App } from '../../src/main/app/app';
import { startServer, type HeadlessServer } from '../../src/main/shell/headless/server';
import type { Contract } from '../../src/shared/api/contract';
import { fakeRunner } from '../main/helpers';
import { writeExampleLibrary } from './example-library';

let folder: string;
let app: App;
let server: HeadlessServer;
let token: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'selvedge-server-')));
  const pages = join(folder, 'pages');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<p>the page</p>');
  writeFileSync(join(pages, 'assets/app-1234.js'), 'export {};');
  writeFileSync(join(folder, 'secret.json'), '"secret"');
  symlinkSync(join(folder, 'secret.json'), join(pages, 'link.json'));
  const library = join(folder, 'library');
  writeExampleLibrary(library);
  app = await openApp({ runner: fakeRunner, library, shell: 'headless', roots: [folder], pages });
  server = await startServer(app, 0, { pingEvery: 150 });
  token = new URL(server.url).searchParams.get('token')!;
});

afterAll(async () => {
  await server.close();
  await app.close();
  rmSync(folder, { recursive: true });
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As sent: `fetch` would tidy the path and refuse to set Host. */
function raw(path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (done, failed) => {
      const call = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          done({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      call.on('error', failed);
      call.end(body);
    },
  );
}
const bearer = () => ({ Authorization: `Bearer ${token}` });
const asUser = (path: string, asked: Asked = {}) =>
  raw(path, { ...asked, headers: { ...bearer(), ...asked.headers } });

/** @returns the open socket, or the status it was refused with. */
function open(headers: Record<string, string>, path = '/rpc'): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
  return new Promise((done) => {
    socket.on('open', () => done(socket));
    socket.on('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}
async function openAsUser(): Promise<WebSocket> {
  const socket = await open(bearer());
  if (typeof socket === 'number') throw new Error(`Refused with ${socket}`);
  return socket;
}
const closed = (socket: WebSocket) =>
  new Promise<number>((done) => socket.on('close', (code: number) => done(code)));
const clientOf = (socket: WebSocket): ContractRouterClient<Contract> =>
  createORPCClient(new RPCLink({ websocket: socket }));

describe('who is let in', () => {
  test('the printed address trades its token for a cookie, and the cookie opens pages and sockets', async () => {
    const first = await raw(`/?token=${token}`);
    expect(first.status).toBe(303);
    expect(first.headers['location']).toBe('/');
    const [cookie] = first.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const headers = { Cookie: cookie.split(';')[0] };
    expect((await raw('/', { headers })).body).toBe('<p>the page</p>');
    const socket = await open({ ...headers, Origin: `http://127.0.0.1:${server.port}` });
    expect(socket).toBeInstanceOf(WebSocket);
    (socket as WebSocket).terminate();
  });

  test('without a token there is an explanation and nothing else', async () => {
    for (const path of ['/', '/data/runs', '/exports/x', '/pictures/datasets/sample/0']) {
      const { status, body } = await raw(path);
      expect(status).toBe(401);
      expect((JSON.parse(body) as { hint: string }).hint).toMatch(/complete address/);
    }
    expect(await open({})).toBe(401);
    expect(await open({ Authorization: 'Bearer wrong' })).toBe(401);
  });

  test('a foreign Host or Origin is refused, token or not', async () => {
    const port = server.port;
    for (const headers of [
      { Host: 'evil.example' },
      { Host: `evil.example:${port}` },
      { Origin: 'http://evil.example' },
      { Origin: 'null' },
      { Origin: `http://127.0.0.1:${port + 1}` },
    ] as Record<string, string>[]) {
      expect((await asUser('/data/runs', { headers })).status).toBe(403);
      expect(await open({ ...bearer(), ...headers })).toBe(403);
    }
  });

  test('sockets are opened in one place only', async () => {
    expect(await open(bearer(), '/')).toBe(404);
    expect(await open(bearer(), '/rpc/x')).toBe(404);
  });

  test('every token is another, and a port in use is an error that says so', async () => {
    const other = await startServer(app);
    expect(new URL(other.url).searchParams.get('token')).not.toBe(token);
    await other.close();
    await expect(startServer(app, server.port)).rejects.toThrow(`Port ${server.port} is in use`);
  });
});

describe('how much is taken', () => {
  test('only GET, and no bodies', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await asUser('/data/runs', { method })).status).toBe(405);
    }
    expect((await asUser('/data/runs', { method: 'POST', body: 'x' })).status).toBe(413);
    expect((await asUser('/data/runs', { headers: { 'Content-Length': '3' }, body: 'abc' })).status).toBe(
      413,
    );
    expect((await asUser('/rpc/host/info', { method: 'POST' })).status).toBe(405);
  });

  test('addresses and headers up to a size', async () => {
    expect((await asUser(`/data/runs.csv?ids=${'a,'.repeat(20_000)}`)).status).toBe(200);
    expect((await asUser(`/data/runs.csv?ids=${'a'.repeat(100_000)}`)).status).toBe(414);
    expect((await asUser('/', { headers: { 'X-Long': 'a'.repeat(140_000) } })).status).toBe(431);
    expect((await asUser('http://elsewhere.example/')).status).toBe(400);
  });

  test('an oversize or broken message ends its socket and no other', async () => {
    const [bad, good] = [await openAsUser(), await openAsUser()];
    bad.send('x'.repeat(1024 * 1024 + 1));
    expect(await closed(bad)).toBe(1009);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => log.mockRestore());
    const odd = await openAsUser();
    odd.send('no JSON');
    odd.send(JSON.stringify({ i: 1, p: { u: '/none/such', b: {} } }));
    odd.send(new Uint8Array([1, 2, 255, 3]));
    expect((await clientOf(good).host.info()).writable).toBe(true);
    expect((await clientOf(odd).host.info()).writable).toBe(true);
    good.terminate();
    odd.terminate();
  });

  test('a path in place of an id is refused', async () => {
    const socket = await openAsUser();
    const client = clientOf(socket);
    for (const run of ['/etc/passwd', '../x', 'a/b', '']) {
      await expect(client.runs.get({ run })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }
    await expect(client.datasets.recheck({ dataset: '/etc' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.datasets.add({ place: '/etc' })).rejects.toMatchObject({ code: 'REFUSED' });
    for (const path of [
      '/data/runs/..%2f..%2fetc/curve?name=loss&parts=5',
      '/exports/..%2fselvedge.db',
      '/exports/%2fetc%2fpasswd',
      '/pictures/datasets/%2fetc/0',
    ]) {
      expect((await asUser(path)).status).toBe(404);
    }
    socket.terminate();
  });

  test('a window that vanished without a word is dropped, one that answers is kept', async () => {
    const [gone, kept] = [await openAsUser(), await openAsUser()];
    // It still takes what comes, but no pong leaves any more.
    gone.pong = () => undefined;
    expect(await closed(gone)).toBe(1006);
    expect(kept.readyState).toBe(WebSocket.OPEN);
    kept.terminate();
  });

  test('a slow window does not make the server remember everything for it', async () => {
    // One whose pings are too rare to notice it.
    const patient = await startServer(app);
    const socket = new WebSocket(patient.url.replace('http', 'ws').replace('/?', '/rpc?'));
    await new Promise((done) => socket.once('open', done));
    const client = clientOf(socket);
    const { rows } = JSON.parse((await asUser('/data/runs')).body) as { rows: { id: string }[] };
    const stream = await client.events({ after: null });
    socket.pause();
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    const fast = clientOf(await openAsUser());
    for (let i = 0; i < 400; i++) {
      await fast.runs.change({ run: rows[0].id, notes: String(i).padEnd(19_000, 'x') });
    }
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().external - before;
    expect(grown).toBeLessThan(32 * 1024 * 1024);
    socket.resume();
    let last = '';
    for await (const { event } of stream) {
      if (event.type !== 'run') continue;
      last = event.row.notes.slice(0, 3);
      if (last === '399') break;
    }
    expect(last).toBe('399');
    socket.terminate();
    await patient.close();
  });
});

describe('pages', () => {
  test('come with a policy that allows nothing from elsewhere, and sockets to this server only', async () => {
    for (const path of ['/', '/data/runs', '/none']) {
      const { headers } = await asUser(path);
      expect(headers['content-security-policy']).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
      expect(headers['content-security-policy']).toContain(
        `connect-src 'self' ws://127.0.0.1:${server.port} ws://localhost:${server.port};`,
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('with a hash in their name are kept by the browser, others are not', async () => {
    expect((await asUser('/assets/app-1234.js')).headers['cache-control']).toMatch(/immutable/);
    expect((await asUser('/')).headers['cache-control']).toBe('no-cache');
    expect((await asUser('/data/runs')).headers['cache-control']).toBe('no-store');
  });

  test.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%5csecret.json',
    '//secret.json',
    '/link.json',
    '/index.html%00.json',
    '/%E0%A4%A.html',
    '/assets',
    '/missing.html',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await asUser(path);
    expect(status).toBe(404);
    expect(body).not.toMatch(/"secret"/);
  });
});

test('a closing server says goodbye to its windows and frees its port', async () => {
  const other = await startServer(app);
  const otherToken = new URL(other.url).searchParams.get('token')!;
  const socket = new WebSocket(`ws://127.0.0.1:${other.port}/rpc`, {
    headers: { Authorization: `Bearer ${otherToken}` },
  });
  await new Promise((done) => socket.once('open', done));
  const idle = connect(other.port, '127.0.0.1');
  await new Promise((done) => idle.once('connect', done));
  idle.on('error', () => undefined);
  const code = closed(socket);
  await other.close();
  expect(await code).toBe(1001);
  await (await startServer(app, other.port)).close();
  idle.destroy();
});

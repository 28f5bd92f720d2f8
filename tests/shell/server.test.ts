/** The headless server with real sockets: src/main/shell/headless/server.ts, api.ts, pages.ts and run-source.ts. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databasePath } from '../../src/main/library';
import { createApi } from '../../src/main/shell/api';
import { startServer, type HeadlessServer } from '../../src/main/shell/headless/server';
import { openRunSource, type RunSource } from '../../src/main/shell/run-source';
import { metricsAnswerSchema, problemSchema, runsAnswerSchema } from '../../src/shared/api';
import { writeExampleLibrary } from './example-library';

let folder: string;
let runs: RunSource;
let server: HeadlessServer;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-server-'));
  const pages = join(folder, 'pages');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<p>the page</p>');
  writeFileSync(join(pages, 'assets/app-1234.js'), 'export {};');
  writeFileSync(join(folder, 'secret.json'), '"secret"');
  symlinkSync(join(folder, 'secret.json'), join(pages, 'link.json'));
  const library = join(folder, 'library');
  writeExampleLibrary(library);
  runs = openRunSource(databasePath(library));
  server = await startServer(createApi({ library, runs, pages }));
  token = new URL(server.url).searchParams.get('token')!;
});

afterAll(async () => {
  await server.close();
  runs.close();
  rmSync(folder, { recursive: true });
});

/** As sent: `fetch` would tidy the path and refuse to set Host. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (done, failed) => {
      const call = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      call.on('error', failed);
      call.end();
    },
  );
}
const asUser = (path: string, method?: string) => raw(path, { Authorization: `Bearer ${token}` }, method);

describe('who is let in', () => {
  test('the printed address trades its token for a cookie, and the cookie opens', async () => {
    const first = await raw(`/?token=${token}`);
    expect(first.status).toBe(303);
    expect(first.headers['location']).toBe('/');
    const [cookie] = first.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const second = await raw('/', { Cookie: cookie.split(';')[0] });
    expect(second.body).toBe('<p>the page</p>');
  });

  test('without a token there is an explanation and nothing else', async () => {
    const { status, body } = await raw('/api/runs');
    expect(status).toBe(401);
    expect(problemSchema.parse(JSON.parse(body)).hint).toMatch(/complete address/);
  });

  test('a foreign Host or Origin is refused, token or not', async () => {
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await raw('/api/runs', { ...bearer, Host: 'evil.example' })).status).toBe(403);
    expect((await raw('/api/runs', { ...bearer, Origin: 'http://evil.example' })).status).toBe(403);
    expect((await raw('/', { Host: 'evil.example' })).status).toBe(403);
  });

  test('every token is another', async () => {
    const other = await startServer(() => Promise.resolve(new Response()));
    expect(new URL(other.url).searchParams.get('token')).not.toBe(token);
    await other.close();
  });

  test('a port in use is an error that says so', async () => {
    await expect(startServer(() => Promise.resolve(new Response()), server.port)).rejects.toThrow(
      `Port ${server.port} is in use`,
    );
  });
});

describe('pages', () => {
  test('come with a policy that allows nothing from elsewhere', async () => {
    const { headers } = await asUser('/');
    expect(headers['content-security-policy']).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('with a hash in their name are kept by the browser, others are not', async () => {
    expect((await asUser('/assets/app-1234.js')).headers['cache-control']).toMatch(/immutable/);
    expect((await asUser('/')).headers['cache-control']).toBe('no-cache');
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

  test('a path is wanted, and GET', async () => {
    expect((await asUser('http://elsewhere.example/')).status).toBe(400);
    expect((await asUser('/api/runs', 'POST')).status).toBe(405);
  });
});

describe('runs', () => {
  test('are listed newest first, with what a table shows', async () => {
    const { status, body } = await asUser('/api/runs');
    expect(status).toBe(200);
    const answer = runsAnswerSchema.parse(JSON.parse(body));
    expect(answer.library).toBe(join(folder, 'library'));
    expect(answer.runs.map((run) => run.state)).toEqual([
      'queued',
      'running',
      'stopped',
      'interrupted',
      'failed',
      'done',
    ]);
    const done = answer.runs.at(-1)!;
    expect(done).toMatchObject({ method: 'simclr', step: 400, epoch: 10, epochs: 10, data: 'sample' });
    expect(done.knn).toBeGreaterThan(0.5);
    expect(done.lossCurve.length).toBeGreaterThan(30);
    expect(answer.runs[0]).toMatchObject({ loss: null, knn: null, lossCurve: [] });
  });

  test('have their curves in as many parts as asked for', async () => {
    const { id } = runsAnswerSchema.parse(JSON.parse((await asUser('/api/runs')).body)).runs.at(-1)!;
    const { metrics } = metricsAnswerSchema.parse(
      JSON.parse((await asUser(`/api/runs/${id}/metrics?buckets=10`)).body),
    );
    expect(Object.keys(metrics).sort()).toEqual(['knn', 'loss']);
    expect(metrics['loss']).toHaveLength(10);
    expect(metrics['loss'][0].mean).toBeGreaterThan(metrics['loss'][9].mean!);
  });

  test.each([
    ['/api/runs/none/metrics', 404],
    ['/api/runs/..%2f..%2fetc/metrics', 404],
    ['/api/runs/none/metrics?buckets=0', 400],
    ['/api/runs/none/metrics?buckets=1e9', 400],
    ['/api/other', 404],
  ])('%s is answered with %d', async (path, status) => {
    expect((await asUser(path)).status).toBe(status);
  });

  test('a library that is not there yet is empty, and is seen when it comes', () => {
    const library = join(folder, 'later');
    const source = openRunSource(databasePath(library));
    expect(source.list()).toEqual([]);
    expect(source.metrics('any', 10)).toBeUndefined();
    writeExampleLibrary(library);
    expect(source.list()).toHaveLength(6);
    source.close();
  });
});

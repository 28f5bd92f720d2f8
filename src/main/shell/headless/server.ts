/** The headless shell: pages and pictures over HTTP, procedures over WebSocket, on 127.0.0.1 and behind a token. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { UserError } from '../../../shared/errors';
import type { App } from '../../app/app';
import { problem } from '../../app/responses';
import { cookieName, judge, type Gate, type Verdict } from './guard';
import { BODY_PATH, MAX_HEADERS, MAX_URL } from './limits';
import { openSockets } from './sockets';

export interface HeadlessServer {
  port: number;
  /** With the token: whoever has it is let in. */
  url: string;
  close(): Promise<void>;
}

/**
 * @param port 0 takes any free one.
 * @throws UserError where the port is taken or not allowed.
 */
export async function startServer(
  app: Pick<App, 'fetch' | 'router'>,
  port = 0,
  options: { pingEvery?: number } = {},
): Promise<HeadlessServer> {
  const gate: Gate = { port, token: randomBytes(24).toString('base64url') };
  const sockets = openSockets(app.router, options.pingEvery);
  const server = createServer({ maxHeaderSize: MAX_HEADERS }, (incoming, outgoing) => {
    respond(app.fetch, gate, incoming)
      .catch((error: unknown) => {
        console.error(error);
        return problem(500, 'Something went wrong inside Selvedge; its terminal says what.');
      })
      .then((response) => send(response, incoming, outgoing))
      .catch(() => outgoing.destroy());
  });
  server.on('upgrade', (request, socket: Duplex, head) => {
    const refusal = refuseUpgrade(request, gate, sockets.hasRoom());
    if (refusal) turnAway(socket, ...refusal);
    else sockets.accept(request, socket, head);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(cannotListen(error, port)));
    server.listen(port, '127.0.0.1', listening);
  }).catch((error: unknown) => {
    sockets.close();
    throw error;
  });
  gate.port = (server.address() as AddressInfo).port;
  return {
    port: gate.port,
    url: `http://127.0.0.1:${gate.port}/?token=${gate.token}`,
    close: () =>
      new Promise((closed) => {
        sockets.close();
        server.close(() => closed());
        server.closeIdleConnections();
        const stragglers = setTimeout(() => server.closeAllConnections(), 500);
        stragglers.unref();
      }),
  };
}

async function respond(fetch: App['fetch'], gate: Gate, incoming: IncomingMessage): Promise<Response> {
  // Joined to our own origin by hand: "//elsewhere/" must stay a path, and a proxy's "http://..." is not for us.
  if (!incoming.url?.startsWith('/')) return problem(400, 'The request names no path.');
  if (incoming.url.length > MAX_URL) return problem(414, 'The address is too long.');
  const url = new URL(`http://127.0.0.1:${gate.port}${incoming.url}`);
  const verdict = verdictOn(incoming, url, gate);
  switch (verdict.kind) {
    case 'refused':
      return problem(verdict.status, verdict.message, verdict.hint);
    case 'welcome':
      return new Response(null, {
        status: 303,
        headers: {
          Location: '/',
          'Set-Cookie': `${cookieName(gate.port)}=${gate.token}; HttpOnly; SameSite=Strict; Path=/`,
          'Cache-Control': 'no-store',
        },
      });
    case 'allowed':
      if (!hasBody(incoming)) return fetch(new Request(url, { method: incoming.method ?? 'GET' }));
      if (!takesBody(incoming, url))
        return problem(413, 'No request here takes a body, but for POST /queries.');
      return fetch(withBody(incoming, url));
  }
}

/** @returns undefined where a WebSocket may be opened. */
function refuseUpgrade(
  request: IncomingMessage,
  gate: Gate,
  hasRoom: boolean,
): [status: number, message: string] | undefined {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const verdict = verdictOn(request, url, gate);
  if (verdict.kind === 'refused') return [verdict.status, verdict.message];
  if (url.pathname !== '/rpc') return [404, `There is nothing at ${url.pathname}.`];
  return hasRoom ? undefined : [503, 'There are too many windows already.'];
}

function verdictOn(incoming: IncomingMessage, url: URL, gate: Gate): Verdict {
  const { host, origin, cookie, authorization } = incoming.headers;
  return judge({ host, origin, cookie, authorization, queryToken: url.searchParams.get('token') }, gate);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** Whoever asks has shown the token; of how much is read decides the handler. */
const takesBody = ({ method }: IncomingMessage, url: URL): boolean =>
  method === 'POST' && url.pathname === BODY_PATH;

function withBody(incoming: IncomingMessage, url: URL): Request {
  const { 'content-length': length } = incoming.headers;
  return new Request(url, {
    method: 'POST',
    headers: length === undefined ? {} : { 'content-length': length },
    body: Readable.toWeb(incoming) as BodyInit,
    duplex: 'half',
  } as RequestInit);
}

function turnAway(socket: Duplex, status: number, message: string): void {
  socket.on('error', () => undefined);
  const body = JSON.stringify({ message, hint: null });
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(response.headers);
  // What was not read of a refused request is not waited for.
  if (hasBody(incoming)) headers['connection'] = 'close';
  outgoing.writeHead(response.status, headers);
  if (!response.body || incoming.method === 'HEAD') outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
}

function cannotListen(error: NodeJS.ErrnoException, port: number): UserError {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} is in use by another program.`,
      'Choose another with --port, or leave it out.',
    );
  }
  return new UserError(
    `The server cannot listen on port ${port}: ${error.message}`,
    'Choose another with --port.',
  );
}

/** The headless shell: the fetch handler on 127.0.0.1, behind a token. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, UserError } from '../../../shared/errors';
import { problem, type FetchHandler } from '../api';
import { cookieName, judge, type Gate } from './guard';

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
export async function startServer(handler: FetchHandler, port = 0): Promise<HeadlessServer> {
  const gate: Gate = { port, token: randomBytes(24).toString('base64url') };
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (incoming, outgoing) => {
    respond(handler, gate, incoming)
      .catch((error: unknown) => problem(500, messageOf(error)))
      .then((response) => send(response, outgoing))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(cannotListen(error, port)));
    server.listen(port, '127.0.0.1', listening);
  });
  gate.port = (server.address() as AddressInfo).port;
  return {
    port: gate.port,
    url: `http://127.0.0.1:${gate.port}/?token=${gate.token}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function respond(handler: FetchHandler, gate: Gate, incoming: IncomingMessage): Promise<Response> {
  // Joined to our own origin by hand: "//elsewhere/" must stay a path, and a proxy's "http://..." is not for us.
  if (!incoming.url?.startsWith('/')) return problem(400, 'The request names no path.');
  const url = new URL(`http://127.0.0.1:${gate.port}${incoming.url}`);
  const verdict = judge(
    {
      host: incoming.headers.host,
      origin: incoming.headers.origin,
      cookie: incoming.headers.cookie,
      authorization: incoming.headers.authorization,
      queryToken: url.searchParams.get('token'),
    },
    gate,
  );
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
      return handler(new Request(url, { method: incoming.method ?? 'GET' }));
  }
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
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

/** The procedures over WebSockets: many windows at once, each dropped when it no longer answers. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AppRouter } from '../../app/router';
import { MAX_CLIENTS, MAX_MESSAGE, PING_EVERY } from './limits';

/** Bytes that may wait for a window before the next event for it is held back. */
const HIGH_WATER = 256 * 1024;

export interface Sockets {
  /** Takes over a connection that was judged already. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** False where there are as many windows as may be. */
  hasRoom(): boolean;
  close(): void;
}

export function openSockets(router: AppRouter, pingEvery = PING_EVERY): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
  const handler = new RPCHandler(router);
  const alive = new WeakSet<WebSocket>();
  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, pingEvery);
  server.on('connection', (socket: WebSocket) => {
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    // A message that is too large or broken: `ws` closes the connection by itself.
    socket.on('error', () => undefined);
    void handler.upgrade({
      addEventListener: socket.addEventListener.bind(socket),
      send: sendTo(socket),
    });
  });
  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    hasRoom: () => server.clients.size < MAX_CLIENTS,
    close: () => {
      clearInterval(pinging);
      for (const socket of server.clients) socket.close(1001, 'Selvedge ends.');
      // One that does not say goodbye must not keep the process.
      const stragglers = setTimeout(() => server.clients.forEach((socket) => socket.terminate()), 500);
      stragglers.unref();
      server.close();
    },
  };
}

/**
 * Settles at once while the window keeps up, else when the message has left: the handler waits for it, so that events
 * are pulled no faster than they leave. The handler takes it for the `send` of `ws`, which says nothing of that.
 */
function sendTo(socket: WebSocket): WebSocket['send'] {
  const send = (data: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const keepsUp = socket.bufferedAmount < HIGH_WATER;
      socket.send(data, (error) => (error ? reject(error) : resolve()));
      if (keepsUp) resolve();
    });
  return send as WebSocket['send'];
}

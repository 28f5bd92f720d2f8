/** The two ways to a host: a WebSocket to the server this page came from, a MessagePort in the desktop app. */
import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { PORT_MESSAGE, type Bridge } from '../../../shared/bridge';
import type { Channel } from './connection';

/** How long the desktop app may take to hand over a port, ms. */
const PORT_WITHIN = 5000;

export type HostLink = ClientLink<ClientContext>;

/** @throws Error where the server is not there or refuses the page. */
export function openSocket(url: URL): Promise<Channel<HostLink>> {
  const socket = new WebSocket(url);
  const closed = signal();
  socket.addEventListener('close', () => closed.resolve(), { once: true });
  const close = (): void => {
    socket.close();
    // On a dead network the closing handshake takes its time.
    closed.resolve();
  };
  return new Promise((opened, failed) => {
    socket.addEventListener('open', () =>
      opened({ link: new SocketLink({ websocket: socket }), closed: closed.promise, close }),
    );
    void closed.promise.then(() => failed(new Error('The server closed the connection.')));
  });
}

/** @throws Error where the desktop app gives no port. */
export function openPort(bridge: Bridge): Promise<Channel<HostLink>> {
  return new Promise((opened, failed) => {
    const settle = (): void => {
      clearTimeout(timer);
      removeEventListener('message', take);
    };
    const take = ({ source, data, ports }: MessageEvent): void => {
      if (source !== window || data !== PORT_MESSAGE || ports.length !== 1) return;
      settle();
      opened(channelOfPort(ports[0]));
    };
    const timer = setTimeout(() => {
      settle();
      failed(new Error('The app gave no port.'));
    }, PORT_WITHIN);
    addEventListener('message', take);
    bridge.connect();
  });
}

/** @param port not started yet. */
function channelOfPort(port: MessagePort): Channel<HostLink> {
  const closed = signal();
  port.addEventListener('close', () => closed.resolve());
  const link = new PortLink({ port });
  port.start();
  return {
    link,
    closed: closed.promise,
    close: () => {
      port.close();
      // Closing one's own end is not told to oneself.
      closed.resolve();
    },
  };
}

/** A promise without a value, and what settles it. */
function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** The two ways to a host: a WebSocket to the server this page came from, a MessagePort in the desktop app. */
import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { PORT_MESSAGE, type Bridge } from '../../../shared/bridge';
import { TurnedAway, type Channel } from './connection';

/** How long the desktop app may take to hand over a port, ms. */
const PORT_WITHIN = 5000;

export type HostLink = ClientLink<ClientContext>;

/** Small, and served to whoever is let in. */
const PROBE = '/icon.svg';
const PROBE_WITHIN = 5000;

/** A WebSocket does not say why it was closed: the same server is asked by HTTP whether it would let the page in. */
async function whyClosed(): Promise<Error> {
  try {
    const { status } = await fetch(PROBE, { cache: 'no-store', signal: AbortSignal.timeout(PROBE_WITHIN) });
    if (status === 401 || status === 403) return new TurnedAway(`The server answers ${status}.`);
  } catch {
    // Nobody is there.
  }
  return new Error('The server closed the connection.');
}

/** @throws TurnedAway where the server refuses the page, Error where it is not there. */
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
    let opens = false;
    socket.addEventListener('open', () => (opens = true));
    void closed.promise.then(async () => opens || failed(await whyClosed()));
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

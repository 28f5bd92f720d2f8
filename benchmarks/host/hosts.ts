/** Starts hosts in processes of their own, and speaks with them as a window does. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../src/shared/api/contract';
import { HOST_COMMAND, type HostMessage } from './reporting-host';

export interface RunningHost {
  readonly url: string;
  /** Milliseconds since the Unix epoch at which its process was started, and at which it said where it is. */
  readonly spawned: number;
  readonly answered: number;
  close(): Promise<void>;
}

/** Milliseconds since the Unix epoch, finer than the clock on the wall and the same in the pages of a browser. */
export const epochNow = (): number => performance.timeOrigin + performance.now();

/** The built host, as `npm start` starts it. */
export async function startBuiltHost(library: string): Promise<RunningHost> {
  const spawned = epochNow();
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      resolve('out/main/headless.js'),
      '--no-open',
      '--library',
      library,
      '--root',
      dirname(library),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const url = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /http:\/\/\S+/.exec(line)?.[0];
      if (address) found(address);
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`The host ended with code ${code} before it served.`)));
  });
  return {
    url,
    spawned,
    answered: epochNow(),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export interface ReportingHost extends Omit<RunningHost, 'spawned' | 'answered'> {
  /** Seconds of processor time that it has used. */
  used(): Promise<number>;
}

/** A host whose runs report without learning, see reporting-host.ts. */
export async function startReportingHost(library: string): Promise<ReportingHost> {
  const child = fork(process.argv[1], [HOST_COMMAND, library], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const hear = async <T extends HostMessage['type']>(type: T) => {
    const gone = new AbortController();
    const [message] = (await Promise.race([
      once(child, 'message', { signal: gone.signal }),
      ended.then(() => {
        throw new Error('The reporting host ended.');
      }),
    ]).finally(() => gone.abort())) as [HostMessage];
    if (message.type !== type) throw new Error(`The reporting host said ${message.type}, not ${type}.`);
    return message as Extract<HostMessage, { type: T }>;
  };
  const { url } = await hear('serving');
  return {
    url,
    used: async () => {
      const answer = hear('used');
      child.send('used');
      return (await answer).seconds;
    },
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}

export interface HostClient {
  readonly host: ContractRouterClient<Contract>;
  close(): void;
}

export async function connect(url: string): Promise<HostClient> {
  const token = new URL(url).searchParams.get('token') ?? '';
  const socket = new WebSocket(new URL('/rpc', url.replace(/^http/, 'ws')), {
    headers: { Authorization: `Bearer ${token}` },
  });
  await once(socket, 'open');
  return {
    host: createORPCClient(new RPCLink({ websocket: socket })),
    close: () => socket.close(),
  };
}

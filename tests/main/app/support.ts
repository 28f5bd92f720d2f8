/** Apps on temporary libraries with the fake runner, and clients that talk to them over a real WebSocket. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openApp, type App, type AppOptions } from '../../../src/main/app/app';
import { startServer, type HeadlessServer } from '../../../src/main/shell/headless/server';
import type { Contract } from '../../../src/shared/api/contract';
import type { HostEvent, SequencedEvent } from '../../../src/shared/api/events';
import type { RunState } from '../../../src/shared/api/run-rows';
import type { Draft } from '../../../src/shared/api/set-up';
import { fakeRunner, temporaryFolder, until } from '../helpers';

export type Client = ContractRouterClient<Contract>;

export interface Served {
  folder: string;
  app: App;
  server: HeadlessServer;
  token: string;
  /** A window of its own: another connection. */
  connect: () => Promise<Client>;
  /** As a window fetches. */
  get: (path: string) => Promise<Response>;
}

/** An app behind a headless server, gone after the test. */
export async function served(options: Partial<AppOptions> = {}): Promise<Served> {
  const folder = options.library ?? join(temporaryFolder(), 'library');
  const app = await openApp({
    runner: fakeRunner,
    library: folder,
    shell: 'headless',
    roots: [temporaryFolder()],
    pages: temporaryFolder(),
    ...options,
  });
  const server = await startServer(app);
  onTestFinished(async () => {
    await server.close();
    await app.close();
  });
  const token = new URL(server.url).searchParams.get('token')!;
  const headers = { Authorization: `Bearer ${token}` };
  return {
    folder,
    app,
    server,
    token,
    connect: async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
      await new Promise((open, failed) => {
        socket.once('open', open);
        socket.once('error', failed);
      });
      onTestFinished(() => socket.terminate());
      return createORPCClient(new RPCLink({ websocket: socket }));
    },
    get: (path) => fetch(`http://127.0.0.1:${server.port}${path}`, { headers }),
  };
}

/** A run of the fake runner. */
export const draftOf = (options: Record<string, unknown> = {}, name: string | null = null): Draft => ({
  base: { kind: 'preset', preset: 'quick' },
  changes: Object.fromEntries(Object.entries(options).map(([key, value]) => [`options.${key}`, value])),
  from: null,
  name,
});

export interface Heard {
  events: SequencedEvent[];
  of<T extends HostEvent['type']>(type: T): Extract<HostEvent, { type: T }>[];
  /** Ends the stream. */
  stop(): void;
}

/** Follows the events of a client until the test ends. */
export async function follow(client: Client, after: number | null = null): Promise<Heard> {
  const controller = new AbortController();
  const stream = await client.events({ after }, { signal: controller.signal });
  const events: SequencedEvent[] = [];
  const reading = (async () => {
    try {
      for await (const event of stream) events.push(event);
    } catch {
      // Ended by the test.
    }
  })();
  onTestFinished(async () => {
    controller.abort();
    await reading;
  });
  return {
    events,
    of: (type) => events.flatMap(({ event }) => (event.type === type ? [event as never] : [])),
    stop: () => controller.abort(),
  };
}

export async function untilState(client: Client, run: string, state: RunState): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const { row } = await client.runs.get({ run });
    if (row.state === state) return;
    if (Date.now() > deadline) {
      throw new Error(`The run is ${row.state}, not ${state}: ${row.failure ?? 'no failure'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The words of a refusal. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await call;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  throw new Error('It was not refused.');
}

/** Until an answer is as wanted. */
export async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen within 15 s.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export { until };

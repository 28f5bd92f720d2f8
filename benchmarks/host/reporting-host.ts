/** A headless host of its own process whose runs are those of reporting-runner.mjs; it tells what time it used. */
import { resolve } from 'node:path';
import { openApp } from '../../src/main/app/app';
import { startServer } from '../../src/main/shell/headless/server';

export const HOST_COMMAND = 'reporting-host';

/** What it says to the process that forked it. */
export type HostMessage =
  | { readonly type: 'serving'; readonly url: string }
  /** Processor time of this process since it began, user and system together, seconds. */
  | { readonly type: 'used'; readonly seconds: number };

/** Serves `library` until the channel to the parent closes; answers each message with the time it used. */
export async function runReportingHost(library: string): Promise<void> {
  const say = (message: HostMessage) => process.send?.(message);
  const app = await openApp({
    runner: { script: resolve('benchmarks/host/reporting-runner.mjs') },
    library,
    shell: 'headless',
    roots: [library],
    pages: resolve('out/renderer'),
  });
  const server = await startServer(app);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    say({ type: 'used', seconds: (user + system) / 1e6 });
  });
  say({ type: 'serving', url: server.url });
  await new Promise((gone) => process.once('disconnect', gone));
  await server.close();
  await app.close();
}

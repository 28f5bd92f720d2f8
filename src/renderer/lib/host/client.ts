/** The host, as the contract has it. Every call waits for a lost connection and fails with sentences. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../../shared/api/contract';
import { openPort, openSocket, type HostLink } from './channels';
import { Connection, type Channel } from './connection';
import { toHostError } from './problem';

export { problemOf, type Problem } from './problem';

function open(): Promise<Channel<HostLink>> {
  if (window.selvedge) return openPort(window.selvedge);
  return openSocket(new URL('/rpc', location.href.replace(/^http/, 'ws')));
}

export const connection = new Connection(open);

const link: HostLink = {
  async call(path, input, options) {
    try {
      const { link } = await connection.channel();
      return await link.call(path, input, options);
    } catch (error) {
      throw toHostError(error);
    }
  },
};

export const host: ContractRouterClient<Contract> = createORPCClient(link);

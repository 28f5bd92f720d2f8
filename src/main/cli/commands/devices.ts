/** `selvedge devices`: what can train here, what cannot, why, and how to get it. */
import type { Command } from 'commander';
import { devices } from '../../questions';
import type { Context } from '../context';

export function addDevices(program: Command, context: Context): void {
  program
    .command('devices')
    .description('list what can train on this machine, and how to get what is missing')
    .action(async () => {
      for (const device of await devices(context)) {
        context.emit({ type: 'device', ...device });
        const state = device.selected ? 'chosen by auto' : device.available ? 'available' : 'not available';
        context.print(`${device.name.padEnd(11)} ${device.title}: ${state}`);
        if (device.reason) context.print(`${' '.repeat(12)}${device.reason}`);
        if (!device.available && device.howToGet)
          context.print(`${' '.repeat(12)}To get it: ${device.howToGet}`);
      }
    });
}

/** Electron's message ports over the real ones of Node: what is posted is cloned, transferred and queued for real. */
import type * as Electron from 'electron';
import { MessageChannel, type MessagePort, type Transferable } from 'node:worker_threads';
import { StandInEmitter } from './emitter';

export class StandInPortMain
  extends StandInEmitter
  implements Pick<Electron.MessagePortMain, 'close' | 'postMessage' | 'start'>
{
  constructor(readonly port: MessagePort) {
    super('MessagePortMain');
    port.on('close', () => this.emit('close'));
  }

  /** Messages wait until then. */
  start(): void {
    this.port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }

  postMessage(message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    this.port.postMessage(message, transfer as unknown as Transferable[]);
  }

  close(): void {
    this.port.close();
  }
}

export class StandInChannelMain {
  readonly port1: StandInPortMain;
  readonly port2: StandInPortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new StandInPortMain(port1);
    this.port2 = new StandInPortMain(port2);
  }
}

/** The way of a page to the host's procedures: one MessagePort, which ends with the page. */
import { RPCHandler } from '@orpc/server/message-port';
import { MessageChannelMain, type MessagePortMain, type WebContents, type WebFrameMain } from 'electron';
import type { App } from '../../app/app';
import { channels } from '../../../shared/bridge-channels';

const handlerOf = (router: App['router']) => new RPCHandler(router);

export class PagePorts {
  readonly #handler: ReturnType<typeof handlerOf>;
  #port: MessagePortMain | undefined;

  constructor(router: App['router']) {
    this.#handler = handlerOf(router);
  }

  /** Gives a page a port of its own. An earlier one is closed, and with it all that was being streamed to it. */
  connect(frame: WebFrameMain): void {
    this.close();
    const { port1, port2 } = new MessageChannelMain();
    this.#port = port1;
    port1.on('close', () => {
      if (this.#port === port1) this.#port = undefined;
    });
    this.#handler.upgrade(port1);
    port1.start();
    frame.postMessage(channels.port, null, [port2]);
  }

  /** Closes the port with the page it belongs to: at a reload, a crash, and the end of the window. */
  follow(contents: WebContents): void {
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.close();
    });
    contents.on('render-process-gone', () => this.close());
    contents.on('destroyed', () => this.close());
  }

  close(): void {
    this.#port?.close();
    this.#port = undefined;
  }
}

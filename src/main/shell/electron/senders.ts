/** The one way in for messages of a page: the sender is checked, then what it sent. */
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebFrameMain } from 'electron';
import type { ZodType } from 'zod';
import type { Answer } from '../../../shared/bridge-channels';
import { messageOf, UserError } from '../../../shared/errors';
import type { Log } from './log';
import { isAppUrl } from './origin';

/** True for the top frame of a page of ours. A frame that is gone, embedded or of another origin has no say. */
export function isOwnPage(frame: WebFrameMain | null): frame is WebFrameMain {
  return frame !== null && !frame.detached && frame.parent === null && isAppUrl(frame.url);
}

/** Answers a request of the preload's. What the user is meant to read comes back as a sentence. */
export function answer<Input, Output>(
  channel: string,
  schema: ZodType<Input>,
  reply: (input: Input, event: IpcMainInvokeEvent) => Promise<Output>,
  log: Log,
): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Answer<Output>> => {
    if (!isOwnPage(event.senderFrame)) {
      refuse(channel, event.senderFrame, log);
      return { ok: false, problem: 'Only pages of Selvedge may ask this.' };
    }
    const input = schema.safeParse(args[0]);
    if (args.length > 1 || !input.success) {
      log('warning', `${channel} was sent what it does not understand`, input.error);
      return { ok: false, problem: `${channel} was sent what it does not understand.` };
    }
    try {
      return { ok: true, value: await reply(input.data, event) };
    } catch (error) {
      if (!(error instanceof UserError)) log('error', `${channel} failed`, error);
      return { ok: false, problem: sentences(error) };
    }
  });
}

/** Hears a message of the preload's that has no content and wants no answer. */
export function hear(
  channel: string,
  listener: (event: IpcMainEvent, frame: WebFrameMain) => void,
  log: Log,
): void {
  ipcMain.on(channel, (event) => {
    if (isOwnPage(event.senderFrame)) listener(event, event.senderFrame);
    else refuse(channel, event.senderFrame, log);
  });
}

function refuse(channel: string, frame: WebFrameMain | null, log: Log): void {
  const who =
    frame === null
      ? 'a frame that is gone'
      : `${frame.parent ? 'an embedded frame' : 'a page'} at ${frame.url}`;
  log('warning', `refused ${channel} from ${who}`);
}

/** What was wrong and what to do, as one text. */
export function sentences(error: unknown): string {
  return error instanceof UserError && error.hint ? `${error.message} ${error.hint}` : messageOf(error);
}

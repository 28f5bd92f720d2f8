/** An event emitter that remembers what was listened for, so that a test can look the names up in Electron's types. */
import { EventEmitter } from 'node:events';

/** "App: before-quit", ... */
export const listenedFor = new Set<string>();

export class StandInEmitter extends EventEmitter {
  /** @param kind the class or interface of electron.d.ts that it stands for. */
  constructor(readonly kind: string) {
    super();
  }

  override on(name: string, listener: (...args: never[]) => void): this {
    listenedFor.add(`${this.kind}: ${name}`);
    return super.on(name, listener as (...args: unknown[]) => void);
  }

  override once(name: string, listener: (...args: never[]) => void): this {
    listenedFor.add(`${this.kind}: ${name}`);
    return super.once(name, listener as (...args: unknown[]) => void);
  }

  override off(name: string, listener: (...args: never[]) => void): this {
    return super.off(name, listener as (...args: unknown[]) => void);
  }
}

/** An event that can be prevented, as Electron gives it to listeners. */
export class StandInEvent {
  defaultPrevented = false;
  preventDefault = (): void => {
    this.defaultPrevented = true;
  };
}

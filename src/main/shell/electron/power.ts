/** Keeps the machine from falling asleep while a run trains; the screen may. */
import { powerSaveBlocker } from 'electron';

export class WakeLock {
  #id: number | undefined;

  hold(wanted: boolean): void {
    if (wanted && this.#id === undefined) {
      this.#id = powerSaveBlocker.start('prevent-app-suspension');
    } else if (!wanted && this.#id !== undefined) {
      powerSaveBlocker.stop(this.#id);
      this.#id = undefined;
    }
  }
}

/** Where one is on the map, and the keys that take one elsewhere. */
import { around, panned, resized, whole, zoomed, type Camera, type Place, type Size } from './camera';

/** px of one press of an arrow. */
const STEP = 48;
const ZOOM = 1.4;

export class ScatterView {
  size: Size = $state.raw({ width: 0, height: 0 });
  camera: Camera = $state.raw(whole({ width: 0, height: 0 }));

  get middle(): Place {
    return [this.size.width / 2, this.size.height / 2];
  }

  resize(size: Size): void {
    this.camera = this.size.width === 0 ? whole(size) : resized(this.camera, this.size, size);
    this.size = size;
  }

  pan(right: number, down: number): void {
    this.camera = panned(this.camera, this.size, right, down);
  }

  zoom(factor: number, place: Place = this.middle): void {
    this.camera = zoomed(this.camera, this.size, factor, place);
  }

  fit(): void {
    this.camera = whole(this.size);
  }

  /** @param places in map coordinates. */
  show(places: readonly Place[]): void {
    this.camera = around(places, this.size);
  }

  /** @returns whether the key meant something. */
  key(key: string): boolean {
    const act = this.#keys[key];
    act?.();
    return act !== undefined;
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => this.pan(STEP, 0),
    ArrowRight: () => this.pan(-STEP, 0),
    ArrowUp: () => this.pan(0, STEP),
    ArrowDown: () => this.pan(0, -STEP),
    '+': () => this.zoom(ZOOM),
    '=': () => this.zoom(ZOOM),
    '-': () => this.zoom(1 / ZOOM),
    '0': () => this.fit(),
  };
}

/** Makes the views that training would make of some images, as pictures. */
import sharp from 'sharp';
import { openDevice, type Device, type Step } from '../../engine';
import { createViewStep } from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import type { ViewPictures } from '../../shared/studio';
import type { GalleryImage } from './gallery';

/** A run may be training on the other cores. */
const THREADS = 2;
/** Compiled steps kept: the choices that somebody goes back and forth between. */
const KEPT = 4;

export class ViewMaker {
  private device: Device | undefined;
  /** By what their definitions come to, the one used last at the end. */
  private readonly steps = new Map<string, Step>();

  /**
   * @param images at least one, at the configuration's image size.
   * @param epoch whose draws are taken: the very ones of training.
   */
  async make(config: RunConfig, images: readonly GalleryImage[], epoch: number): Promise<ViewPictures> {
    const { imageSize } = config.data;
    const { key, definition, views, ...made } = createViewStep(config, images.length);
    const pixels = new Uint8Array(images.length * imageSize ** 2 * 3);
    images.forEach((image, i) => pixels.set(image.pixels, i * image.pixels.length));
    const indices = images.map(({ index }) => index);
    this.device ??= (await openDevice('cpu', { threads: THREADS, lowMemory: true })).device;
    const step = this.steps.get(key) ?? (await this.device.prepare(definition, {}));
    this.steps.delete(key);
    this.steps.set(key, step);
    const seen = made.pictures(await step.run(made.inputs(pixels, indices, epoch)));
    await this.forgetOldest();

    const viewOf = (view: number, image: number) => {
      const { size } = views[view];
      const bytes = size ** 2 * 3;
      return png(seen[view].subarray(image * bytes, (image + 1) * bytes), size);
    };
    return {
      images: await Promise.all(
        images.map(async ({ index, label, pixels: original }, image) => ({
          index,
          label,
          original: await png(original, imageSize),
          views: await Promise.all(views.map((_, view) => viewOf(view, image))),
        })),
      ),
      views: [...views],
    };
  }

  async close(): Promise<void> {
    for (const step of this.steps.values()) await step.dispose();
    await this.device?.dispose();
  }

  private async forgetOldest(): Promise<void> {
    if (this.steps.size <= KEPT) return;
    const [[key, step]] = this.steps;
    this.steps.delete(key);
    await step.dispose();
  }
}

/** @param pixels [size, size, 3]. */
async function png(pixels: Uint8Array, size: number): Promise<Uint8Array<ArrayBuffer>> {
  // The picture is looked at once: time counts more than bytes.
  const image = sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png({
    compressionLevel: 1,
  });
  return new Uint8Array(await image.toBuffer());
}

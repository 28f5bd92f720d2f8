/** Pictures of what a method sees and tells, on the same few training images whenever the run is evaluated. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Device, HostTensors, Step } from '../../engine';
import type { PictureStep, PictureStrip, TrainingStep } from '../../learning';
import { UserError } from '../../shared/errors';
import { pictureName } from '../../shared/picture-names';
import { writeAtomically } from '../atomic-write';
import type { JobContext } from '../job';
import type { Selection } from './training-data';

/** Images side by side in a strip. */
const IMAGES = 8;

export class PictureMaker {
  private constructor(
    private readonly pictures: PictureStep,
    private readonly step: Step,
    private readonly inputs: HostTensors,
    private readonly folder: string,
    private readonly context: JobContext,
  ) {}

  /** @param state any state of the run. @returns null where the method shows nothing. */
  static async prepare(
    device: Device,
    training: TrainingStep,
    { dataset, indices }: Selection,
    state: HostTensors,
    runDirectory: string,
    context: JobContext,
  ): Promise<PictureMaker | null> {
    const count = Math.min(IMAGES, indices.length);
    const pictures = training.pictures(count);
    if (!pictures) return null;
    const chosen = Uint32Array.from({ length: count }, (_, i) =>
      indices.at(Math.floor((i * indices.length) / count))!,
    );
    const images = dataset.read(chosen, new Uint8Array(count * dataset.imageBytes));
    const labels = dataset.labels && Int32Array.from(chosen, (index) => dataset.labels![index]);
    const inputs = pictures.inputs({ images, indices: chosen, ...(labels && { labels }) });
    const step = await device.prepare(pictures.definition, pictures.state(state));
    return new PictureMaker(pictures, step, inputs, join(runDirectory, 'pictures'), context);
  }

  /** Writes a strip for each caption and says so. Training goes on where they cannot be written. */
  async make(state: HostTensors, step: number): Promise<void> {
    const { channel } = this.context;
    await this.step.writeState(this.pictures.state(state));
    const strips = this.pictures.strips(await this.step.run(this.inputs));
    try {
      await mkdir(this.folder, { recursive: true });
      for (const [place, strip] of strips.entries())
        await writeAtomically(join(this.folder, pictureName(step, place, strip.caption)), [await png(strip)]);
    } catch (error) {
      const message = error instanceof UserError ? error.message : String(error);
      channel.log('warning', `No pictures of step ${step}: ${message}`);
      return;
    }
    channel.send({ type: 'pictures', step });
  }

  async dispose(): Promise<void> {
    await this.step.dispose();
  }
}

/** The images one beside the other. */
async function png({ height, width, pixels }: PictureStrip): Promise<Uint8Array> {
  const count = pixels.length / (height * width * 3);
  const rows = new Uint8Array(pixels.length);
  const run = width * 3;
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++) {
      const from = (image * height + y) * run;
      rows.set(pixels.subarray(from, from + run), (y * count + image) * run);
    }
  return sharp(rows, { raw: { width: width * count, height, channels: 3 } })
    .png()
    .toBuffer();
}

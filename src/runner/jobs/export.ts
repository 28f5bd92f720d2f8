/** `selvedge export`: the encoder for other programs, as safetensors (PyTorch) or ONNX (everything else). */
import { ANY_BATCH, exportOnnx, openDevice } from '../../engine';
import { createEncoderExport } from '../../learning';
import type { JobOf } from '../../shared/protocol';
import type { RunConfig } from '../../shared/run-config';
import { writeAtomically } from '../atomic-write';
import { compareOnnx } from '../export/compare-onnx';
import { pytorchTensors } from '../export/pytorch';
import { breathe, type RunJob } from '../job';
import { openEncoder, type OpenEncoder } from '../open-encoder';
import { writeTensorFile } from '../tensor-file';

export const exportEncoder: RunJob<'export'> = async ({ checkpoint, config, out, format }, context) => {
  const progress = (done: number, total: number) =>
    context.channel.progress({
      phase: 'exporting',
      done,
      total,
      rate: null,
      secondsLeft: null,
      epoch: null,
      epochs: null,
    });
  progress(0, 1);
  const opened = await openEncoder(checkpoint, config);
  await breathe(context);
  const report =
    format === 'onnx' ? await asOnnx(opened, config, out) : await asSafetensors(opened, config, out);
  progress(1, 1);
  return { path: out, format, size: opened.encoder.featureSize, ...report };
};

async function asSafetensors({ state, meta }: OpenEncoder, config: RunConfig, out: JobOf<'export'>['out']) {
  const { mean, std, imageSize } = config.data;
  const metadata = {
    // What PyTorch's loaders look for.
    format: 'pt',
    run: meta.run,
    step: String(meta.step),
    method: meta.method,
    backbone: JSON.stringify(config.backbone),
    imageSize: String(imageSize),
    mean: mean.join(','),
    std: std.join(','),
  };
  const tensors = pytorchTensors(state, config.backbone, meta.step);
  return { bytes: await writeTensorFile(out, tensors, metadata), tensors: Object.keys(tensors).length };
}

/** @throws Error where the file does not compute what the encoder does: nothing is written then. */
async function asOnnx({ encoder, state }: OpenEncoder, config: RunConfig, out: string) {
  const onnx = await exportOnnx(createEncoderExport(encoder, ANY_BATCH, config.data), state);
  const { device } = await openDevice('cpu', config);
  try {
    const difference = await compareOnnx(onnx, { device, encoder, state, normalization: config.data });
    return { bytes: await writeAtomically(out, [onnx]), difference };
  } finally {
    await device.dispose();
  }
}

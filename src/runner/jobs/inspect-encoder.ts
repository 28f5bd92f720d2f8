/** Looks into an encoder file from elsewhere: what it is, what it takes, and which vectors it gives. */
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, extname, relative } from 'node:path';
import { featureNames } from '../../learning';
import type { EncoderFacts } from '../../shared/explorer/encoder-source';
import { UserError } from '../../shared/errors';
import { ASSUMED_NORMALIZATION, NORMALIZATIONS } from '../../shared/explorer/normalization';
import { layoutOf, onnxFeatures, openModel, outputOf } from '../encoders/onnx-encoder';
import { externalFiles } from '../encoders/onnx-external';
import { openWeights } from '../encoders/open-weights';
import { openRawEncoder } from '../encoders/raw-encoder';
import type { RunJob } from '../job';

export const inspectEncoder: RunJob<'inspect-encoder'> = async ({ path }) => {
  const extension = extname(path).toLowerCase();
  if (extension === '.safetensors') return await inspectWeights(path);
  if (extension === '.onnx') return await inspectOnnx(path);
  throw new UserError(
    `${basename(path)} is no encoder that can be imported.`,
    'Give an .onnx model, or .safetensors weights of torchvision, timm or DINO. PyTorch .pt and .pth files can be saved as safetensors with safetensors.torch.save_file.',
    'usage',
  );
};

async function inspectWeights(path: string): Promise<EncoderFacts> {
  const { backbone, config, architecture, normalization, saysNormalization, notes } = await openWeights({
    kind: 'safetensors',
    path,
  });
  return {
    format: 'safetensors',
    architecture,
    imageSize: backbone.imageSize,
    featureSize: backbone.featureSize,
    features: featureNames(backbone),
    normalization: saysNormalization ? 'its own' : 'imagenet',
    training: { backbone: config, normalization },
    warnings: [...notes],
    files: [],
  };
}

async function inspectOnnx(path: string): Promise<EncoderFacts> {
  const model = await openModel(path, 0);
  const layout = layoutOf(model, path);
  await model.dispose();
  // Before they are read: what changes meanwhile is noticed.
  const files = externalFiles(path).map((file) => {
    const { size, mtimeMs } = statSync(file);
    return { name: relative(dirname(path), file), bytes: size, modifiedAt: mtimeMs };
  });
  const isOurs = await wasExportedHere(path);
  const normalization = isOurs ? NORMALIZATIONS.unit : ASSUMED_NORMALIZATION;
  // One run says what the ports leave open, and that the model works at all.
  const encoder = await openRawEncoder({ kind: 'onnx', path, normalization }, 'embedding', {
    device: 'cpu',
    threads: 0,
    batchSize: 1,
  });
  await encoder.dispose();
  const warnings: string[] = [];
  const { outputs } = layout;
  if (outputs.length > 1)
    warnings.push(
      `It has ${outputs.length} outputs; "embedding" takes "${outputOf(layout, 'embedding', path).name}".`,
    );
  return {
    format: 'onnx',
    architecture: basename(path, extname(path)),
    imageSize: encoder.imageSize,
    featureSize: encoder.size,
    features: onnxFeatures(layout),
    normalization: isOurs ? 'inside' : 'imagenet',
    warnings,
    files,
  };
}

/** The field producer_name of an ONNX model, as src/engine/onnx/model.ts writes it. */
const PRODUCER = '\x12\x08selvedge';

/** A model begins with who wrote it: an export of Selvedge normalizes pixels itself. */
async function wasExportedHere(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.subarray(0, bytesRead).includes(PRODUCER);
  } finally {
    await file.close();
  }
}

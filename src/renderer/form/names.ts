/** What settings and their values are called by a person, and help for those whose schema has none. */
import { glossary } from './glossary';
import { keyOf } from './paths';

/** By path where a key alone would mislead, else by key. */
const labels: Readonly<Record<string, string>> = {
  'backbone.kind': 'Backbone',
  'backbone.depth': 'Depth',
  'backbone.size': 'Size',
  'backbone.patch': 'Patch size',
  'backbone.pool': 'Embedding',
  'checkpoint.everyMinutes': 'Every',
  'checkpoint.everySteps': 'Every so many steps',
  'checkpoint.keepLast': 'Keep the newest',
  'data.heldOut': 'Held-out share',
  'data.imageSize': 'Image size',
  'data.labelled': 'Labelled images',
  'data.path': 'Images',
  'data.subset': 'Only so many images',
  'data.subsetFrom': 'Left out before them',
  'data.labelShare': 'Share of each class',
  'data.labelsPerClass': 'Images of each class',
  'data.mean': 'Mean colour',
  'data.std': 'Spread of colour',
  'knn.everyEpochs': 'Evaluate every',
  'knn.k': 'Neighbours (k)',
  'knn.maxBank': 'Most images to search',
  'knn.maxQueries': 'Most images to classify',
  'optimizer.kind': 'Optimizer',
  'schedule.final': 'Final learning rate',
  'schedule.kind': 'Schedule',
  accumulate: 'Accumulate',
  beta1: 'Beta 1',
  beta2: 'Beta 2',
  blur: 'Blur',
  checkpoint: 'Checkpoints',
  clipEach: 'Clip each by itself',
  clipNorm: 'Clip gradients at',
  cropScale: 'Crop size',
  data: 'Data',
  ema: 'Average weights',
  flip: 'Flip',
  grayscale: 'Greyscale',
  hidden: 'Hidden width',
  init: 'Weights to start from',
  jitterProbability: 'Colour probability',
  jitterStrength: 'Colour strength',
  knn: 'Evaluation',
  layers: 'Layers',
  lowMemory: 'Save memory',
  maxSteps: 'Stop after',
  out: 'Output length',
  padCrop: 'Shift',
  teacher: 'Learns from',
  trust: 'Trust coefficient',
  weightDecayEnd: 'Weight decay at the end',
};

/** Where the schema has no description. */
const helps: Readonly<Record<string, string>> = {
  'backbone.kind': glossary.backbone.meaning,
  'checkpoint.everyMinutes': 'Time between checkpoints while a run trains',
  'checkpoint.everySteps': 'Also write a checkpoint each time this many steps are done',
  'checkpoint.keepLast': 'Older checkpoints are deleted; the best one is always kept',
  'schedule.gamma': 'Factor by which the learning rate is multiplied at each milestone',
  'schedule.kind': 'How the learning rate changes in the course of training',
  'optimizer.kind': 'The rule by which gradients change the weights',
  beta1: 'How slowly the mean of the gradients is forgotten',
  beta2: 'How slowly the mean square of the gradients is forgotten',
  device: 'What computes; automatic takes the fastest that works here',
  epochs: 'Passes over all training images',
  epsilon: 'Keeps the division by the root of the mean square from blowing up',
  nesterov: 'Looks ahead along the momentum before each step',
};

/** What null means, where a setting may be left empty. */
const empties: Readonly<Record<string, string>> = {
  'checkpoint.everySteps': 'only by time',
  'data.labelled': 'the images trained on',
  'data.labelShare': 'all',
  'data.labelsPerClass': 'all',
  'data.subset': 'all',
  clipNorm: 'off',
  ema: 'off',
  maxSteps: 'all epochs',
  weightDecayEnd: 'as it begins',
  'options.momentum.start': 'by image count',
  'options.prototypes': 'by image count',
  'options.teacherTemperature': 'by image count',
  'options.views.localSize': 'half the image',
  'options.warmupTemperature': 'as the teacher',
};

/** Units that the schema leaves out. */
const units: Readonly<Record<string, string>> = {
  'checkpoint.everyMinutes': 'min',
  'checkpoint.everySteps': 'steps',
  'checkpoint.keepLast': 'checkpoints',
  'data.labelsPerClass': 'images',
  'data.subset': 'images',
  'data.subsetFrom': 'images',
  'knn.maxBank': 'images',
  'knn.maxQueries': 'images',
  accumulate: 'batches',
  epochs: 'epochs',
  maxSteps: 'steps',
};

const valueNames: Readonly<Record<string, string>> = {
  'backbone.kind=resnet': 'ResNet',
  'backbone.kind=tokenizer': 'Tokenizer',
  'backbone.kind=vit': 'ViT',
  'backbone.pool=class': 'Class token',
  'backbone.pool=mean': 'Mean of patches',
  'backbone.stem=cifar': 'Small images (3x3)',
  'backbone.stem=torchvision': 'Large images (7x7, max-pool)',
  'backbone.stem=torchvision-no-pool': 'Large images (7x7)',
  'backbone.size=tiny': 'Tiny',
  'backbone.size=small': 'Small',
  'backbone.size=base': 'Base',
  'device=auto': 'Automatic',
  'device=coreml': 'CoreML',
  'device=cpu': 'CPU',
  'device=cuda': 'CUDA',
  'device=directml': 'DirectML',
  'device=tensorflow': 'TensorFlow',
  'device=webgpu': 'WebGPU',
  'options.loss=dcl': 'DCL',
  'options.loss=nt-xent': 'NT-Xent',
  'options.predictor.kind=mlp': 'MLP',
  'optimizer.kind=adam': 'Adam',
  'optimizer.kind=adamw': 'AdamW',
  'optimizer.kind=lars': 'LARS',
  'optimizer.kind=sgd': 'SGD',
};

const byPathOrKey = (table: Readonly<Record<string, string>>, path: string): string | undefined =>
  table[path] ?? table[keyOf(path)];

/** "batchSize" is "Batch size". */
export const labelOf = (path: string): string => byPathOrKey(labels, path) ?? sentenceCase(keyOf(path));

export const helpOf = (path: string): string | null => {
  const key = keyOf(path);
  const term = Object.hasOwn(glossary, key) ? glossary[key as keyof typeof glossary].meaning : null;
  return byPathOrKey(helps, path) ?? term;
};

/** What an empty field says. */
export const emptyWord = (path: string): string => byPathOrKey(empties, path) ?? 'none';

export const unitOf = (path: string): string | null => byPathOrKey(units, path) ?? null;

/** "optimizer.kind" and "adamw" make "AdamW"; a number is its own name. */
export const valueName = (path: string, value: unknown): string =>
  valueNames[`${path}=${String(value)}`] ?? (typeof value === 'string' ? sentenceCase(value) : String(value));

/** "warmupEpochs" and "warmup-epochs" are "Warmup epochs". */
function sentenceCase(name: string): string {
  const words = name
    .replace(/[-_]/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Every term of the field that the app shows, explained in one line to someone who meets it for the first time. */

export interface Term {
  readonly name: string;
  readonly meaning: string;
}

/** In alphabetical order of their keys, which help tooltips use. */
export const glossary = {
  accumulate: {
    name: 'Gradient accumulation',
    meaning:
      'Adds up the gradients of several batches before the weights change: a larger batch in less memory.',
  },
  augmentation: {
    name: 'Augmentation',
    meaning: 'A random change of an image (crop, flip, colour, blur) that leaves alone what it shows.',
  },
  backbone: {
    name: 'Backbone',
    meaning: 'The network that turns an image into a vector; what remains when training is over.',
  },
  batchNorm: {
    name: 'Batch normalization',
    meaning: 'Brings each channel to mean 0 and variance 1 over the batch, which steadies training.',
  },
  batchSize: { name: 'Batch', meaning: 'The images that one step looks at together.' },
  checkpoint: {
    name: 'Checkpoint',
    meaning: 'Everything a run needs to go on later, written to a file: weights, optimizer and counters.',
  },
  collapse: {
    name: 'Collapse',
    meaning: 'Failure in which every image gets the same vector: the loss looks fine and nothing is learned.',
  },
  cosine: {
    name: 'Cosine schedule',
    meaning: 'Lowers the learning rate along half a cosine wave, gently at both ends.',
  },
  embedding: {
    name: 'Embedding',
    meaning: 'The vector a network gives an image; images alike in content get vectors that lie close.',
  },
  ema: {
    name: 'Moving average of weights',
    meaning:
      'A copy of the weights that follows them slowly; often better than the weights of the last step.',
  },
  encoder: { name: 'Encoder', meaning: 'The trained backbone without any head: image in, embedding out.' },
  epochs: { name: 'Epoch', meaning: 'One pass over all training images.' },
  freezeEncoder: {
    name: 'Frozen encoder',
    meaning: 'The encoder keeps its weights and only the head on top of it learns.',
  },
  heldOut: {
    name: 'Held-out images',
    meaning: 'Images kept away from training, to measure what was learned.',
  },
  imageSize: {
    name: 'Image size',
    meaning:
      'Side of the square that every image is brought to; twice the side costs about four times the time.',
  },
  knn: {
    name: 'k-NN accuracy',
    meaning:
      'Share of held-out images whose nearest training images, by embedding, vote for the right class.',
  },
  labels: { name: 'Labels', meaning: 'The class of each image, here the name of the sub-folder it lies in.' },
  learningRate: {
    name: 'Learning rate',
    meaning:
      'How far the weights move at each step: too high and training breaks, too low and it takes for ever.',
  },
  lars: {
    name: 'LARS',
    meaning: 'SGD with a step size of its own for each layer; made for very large batches.',
  },
  momentum: {
    name: 'Momentum',
    meaning: 'Share of the previous step that each step keeps: smooths the way downhill.',
  },
  preset: {
    name: 'Preset',
    meaning: 'A complete set of settings to start from, taken from a paper or made for a first look.',
  },
  projector: {
    name: 'Projector',
    meaning: 'A small network after the backbone, used in training only; the method compares its outputs.',
  },
  seed: {
    name: 'Seed',
    meaning: 'Decides all randomness: the same seed and settings train the same network again.',
  },
  selfSupervised: { name: 'Self-supervised', meaning: 'Learns from the images alone, without labels.' },
  supervised: { name: 'Supervised', meaning: 'Learns from images whose class is known.' },
  temperature: {
    name: 'Temperature',
    meaning: 'Divides similarities before they compete: the lower, the more the closest ones count.',
  },
  view: { name: 'View', meaning: 'One augmented version of an image, as the network sees it in training.' },
  warmup: {
    name: 'Warm-up',
    meaning: 'The learning rate rises from 0 over the first epochs, since early steps are the most fragile.',
  },
  weightDecay: {
    name: 'Weight decay',
    meaning: 'Pulls all weights a little towards 0 at each step, which keeps the network simple.',
  },
} as const satisfies Record<string, Term>;

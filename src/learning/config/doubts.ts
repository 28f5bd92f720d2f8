/** Settings that are allowed, and likely not what was meant. */
import type { RunConfig } from '../../shared/run-config';
import { findMethod } from '../registry';

/** @returns a sentence for each. */
export function doubts(config: RunConfig): string[] {
  const { schedule, backbone, data, epochs, learningRate, accumulate, init, method, teacher } = config;
  const found: string[] = [];
  const doubt = (condition: boolean, sentence: string) => {
    if (condition) found.push(sentence);
  };

  doubt(
    schedule.warmupEpochs >= epochs && schedule.warmupEpochs > 0,
    `The learning rate never leaves its warm-up: schedule.warmupEpochs is ${schedule.warmupEpochs}, epochs ${epochs}`,
  );
  doubt(
    schedule.kind === 'step' && schedule.milestones.length === 0,
    'schedule.kind is "step" without schedule.milestones: the learning rate stays constant',
  );
  doubt(
    schedule.kind !== 'step' && schedule.milestones.length > 0,
    `schedule.milestones are not used: schedule.kind is "${schedule.kind}"`,
  );
  doubt(
    schedule.kind === 'cosine' && schedule.final > learningRate,
    `The learning rate rises from ${learningRate} to schedule.final ${schedule.final}`,
  );
  doubt(
    backbone.kind === 'resnet' && backbone.stem === 'cifar' && data.imageSize > 96,
    `backbone.stem "cifar" keeps the full resolution: at ${data.imageSize} px "torchvision" is about 16 times faster`,
  );
  doubt(
    backbone.kind === 'resnet' && backbone.stem === 'torchvision' && data.imageSize < 64,
    `backbone.stem "torchvision" leaves a ${data.imageSize} px image ${Math.ceil(data.imageSize / 32)} px wide; ` +
      '"cifar" is made for small images',
  );
  doubt(
    (data.labelsPerClass !== null || data.labelShare !== null) && data.subset !== null,
    `data.subset is not used: data.${data.labelsPerClass !== null ? 'labelsPerClass' : 'labelShare'} decides which images are trained on`,
  );
  doubt(
    data.labelsPerClass !== null && data.labelShare !== null,
    'data.labelShare is not used: data.labelsPerClass decides which images are trained on',
  );
  doubt(
    accumulate > 1 && method === 'simclr',
    'SimCLR compares the images of one step: accumulate does not add images to compare with',
  );
  doubt(
    teacher !== null && findMethod(method).needsTeacher === undefined,
    `teacher is not used: ${findMethod(method).title} learns from no fixed network`,
  );
  doubt(
    init?.freezeEncoder === true && !findMethod(method).needsLabels,
    'init.freezeEncoder keeps the encoder as it is: a method without labels then learns nothing of use',
  );
  return found;
}

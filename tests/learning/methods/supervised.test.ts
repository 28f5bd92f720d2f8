import { describe, expect, it } from 'vitest';
import { openDevice, valueAndGradients } from '../../../src/engine';
import { createEncoder } from '../../../src/learning/backbones';
import { crossEntropy } from '../../../src/learning/cross-entropy';
import { supervised } from '../../../src/learning/methods/supervised';
import { backboneSchema } from '../../../src/shared/run-config';
import golden from '../../golden/methods/methods.json';
import { expectClose } from '../close';
import { evaluate, host, hostInts } from '../host';

describe('crossEntropy', () => {
  it.each(golden.crossEntropy)(
    'gives the loss and gradient of PyTorch with smoothing $smoothing',
    async ({ shape, smoothing, logits, labels, loss, gradient }) => {
      const inputs = { logits: host(shape, logits), labels: hostInts([labels.length], labels) };
      const found = await evaluate(inputs, ({ logits, labels }) => {
        const { loss, gradients } = valueAndGradients({ logits }, () => ({
          loss: crossEntropy(logits, labels, smoothing),
          aux: {},
        }));
        return { loss, gradient: gradients.logits };
      });
      expectClose(found.loss, [loss]);
      expectClose(found.gradient, gradient);
    },
  );
});

it('smooths labels compiled as well', async () => {
  const { shape, logits, labels, loss } = golden.crossEntropy.find(({ smoothing }) => smoothing > 0)!;
  const { smoothing } = golden.crossEntropy.find((one) => one.loss === loss)!;
  const inputs = { logits: host(shape, logits), labels: hostInts([labels.length], labels) };
  const opened = await openDevice('cpu', { threads: 0, lowMemory: false });
  const step = await opened.device.prepare(
    {
      name: 'cross-entropy',
      state: {},
      inputs,
      step: (state, { logits, labels }) => ({
        state,
        outputs: { loss: crossEntropy(logits, labels, smoothing) },
      }),
    },
    {},
  );
  expectClose((await step.run(inputs)).loss.data, [loss]);
  await step.dispose();
  await opened.device.dispose();
});

describe('supervised', () => {
  it.each([null, ['cat']])('refuses data with the classes %j', (classes) => {
    const encoder = createEncoder(backboneSchema.parse({ kind: 'resnet', width: 0.125 }), 8);
    const options = supervised.options.parse({});
    expect(() => supervised.build({ options, encoder, classes, batchSize: 4, images: 8 })).toThrow(
      /needs images of at least 2 classes, found/,
    );
  });
});

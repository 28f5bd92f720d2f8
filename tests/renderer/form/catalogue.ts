/** A catalogue as the host gives it, without the methods' code. */
import * as z from 'zod';
import type { Catalogue } from '../../../src/shared/api/set-up';
import { jsonSchemaOf } from '../../../src/shared/json-schema';
import { runConfigSchema } from '../../../src/shared/run-config';

const share = z.number().min(0).max(1);

const simclr = z.strictObject({
  temperature: z.number().min(0.01).max(10).default(0.5).describe('Divides the similarities'),
  projector: z
    .strictObject({
      hidden: z.int().min(1).max(16_384).default(2048).describe('Width of the hidden layers'),
      out: z.int().min(2).max(16_384).default(128),
      layers: z.int().min(1).max(4).default(2),
      batchNorm: z.boolean().default(true),
    })
    .prefault({}),
  views: z
    .strictObject({ cropScale: z.tuple([share, share]).default([0.08, 1]), flip: share.default(0.5) })
    .prefault({}),
});

const supervised = z.strictObject({
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  padCrop: z.int().min(0).max(64).default(4).meta({ unit: 'px' }),
});

export const catalogue: Catalogue = {
  config: { ...jsonSchemaOf(runConfigSchema) },
  methods: [
    {
      id: 'simclr',
      title: 'SimCLR',
      summary: 'Pulls views together.',
      paper: null,
      needsLabels: false,
      needsTeacher: null,
      options: { ...jsonSchemaOf(simclr) },
    },
    {
      id: 'supervised',
      title: 'Supervised',
      summary: 'Learns classes.',
      paper: null,
      needsLabels: true,
      needsTeacher: null,
      options: { ...jsonSchemaOf(supervised) },
    },
  ],
  presets: [
    {
      id: 'quick',
      title: 'Quick look',
      summary: 'In minutes.',
      published: null,
      config: {
        method: 'simclr',
        options: { temperature: 0.2, projector: { hidden: 256 } },
        backbone: { kind: 'resnet', depth: 18, width: 0.25 },
        data: { path: 'sample', imageSize: 32 },
        optimizer: { kind: 'adam', weightDecay: 1e-5 },
        learningRate: 2e-3,
        batchSize: 128,
        epochs: 4,
      },
    },
    {
      id: 'long',
      title: 'Long',
      summary: 'In days.',
      published: null,
      config: {
        method: 'simclr',
        backbone: { kind: 'resnet' },
        data: { imageSize: 32 },
        optimizer: { kind: 'sgd' },
        learningRate: 0.1,
        batchSize: 256,
        epochs: 200,
      },
    },
  ],
};

export const quick = catalogue.presets[0].config;

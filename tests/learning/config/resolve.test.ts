import { describe, expect, it } from 'vitest';
import { findPreset, presets } from '../../../src/learning/config/presets';
import { examineConfig, resolveConfig } from '../../../src/learning/config/resolve';
import { findMethod } from '../../../src/learning/registry';
import { UserError } from '../../../src/shared/errors';
import { runConfigSchema } from '../../../src/shared/run-config';

const resolve = (preset: string, ...pairs: string[]) =>
  resolveConfig({
    preset,
    overrides: pairs.map((pair) => {
      const [path, ...value] = pair.split('=');
      return [path, value.join('=')];
    }),
  });

/** The message and hint of the refusal. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.kind).toBe('usage');
    return [error.message, error.hint].filter(Boolean).join(' | ');
  }
  throw new Error('It was not refused');
}

describe('resolveConfig', () => {
  it.each(presets.map(({ id }) => id))('completes the preset %s, without a doubt', (id) => {
    const { needsTeacher } = findMethod(findPreset(id).config.method);
    const teacher = needsTeacher ? ['teacher=run-3'] : [];
    const { config, warnings } = resolve(id, 'data.path=/images', ...teacher);
    expect(runConfigSchema.parse(config)).toEqual(config);
    expect(config.data.path).toBe('/images');
    expect(warnings).toEqual([]);
  });

  it('wants a teacher where the method learns from one, and doubts it where it does not', () => {
    const refused = refusal(() => resolve('data2vec-fixed-cifar10', 'data.path=/images'));
    expect(refused).toContain('teacher is missing: data2vec, fixed teacher learns from a trained encoder');
    const { issues } = examineConfig({
      preset: 'data2vec-fixed-cifar10',
      overrides: [['data.path', '/images']],
    });
    expect(issues.map(({ path }) => path)).toEqual(['teacher']);
    expect(resolve('quick', 'teacher=run-3').warnings).toEqual([
      'teacher is not used: SimCLR learns from no fixed network',
    ]);
  });

  it('fills in the defaults of the method', () => {
    expect(resolve('quick').config.options).toMatchObject({ projector: { layers: 2, batchNorm: true } });
  });

  it('reads values as JSON where they are, and as text where text is meant', () => {
    const { config } = resolve(
      'quick',
      'batchSize=64',
      'schedule={"kind":"step","milestones":[1,2]}',
      'options.views.cropScale=[0.2,1]',
      'clipNorm=null',
      'data.path=2024',
      'data.labelled=null',
      'optimizer.beta1=0.8',
      'init.checkpoint=run-7',
    );
    expect(config.batchSize).toBe(64);
    expect(config.schedule).toMatchObject({ kind: 'step', milestones: [1, 2], gamma: 0.1 });
    expect(config.options).toMatchObject({ views: { cropScale: [0.2, 1] } });
    expect(config.data).toMatchObject({ path: '2024', labelled: null });
    expect(config.optimizer).toMatchObject({ kind: 'adam', beta1: 0.8 });
    expect(config.init).toEqual({ checkpoint: 'run-7', freezeEncoder: false });
  });

  it('drops the settings of a former kind and takes the defaults of the new one, in any order', () => {
    const expected = { kind: 'sgd', momentum: 0.5, nesterov: false, weightDecay: 0 };
    for (const pairs of [
      ['optimizer.kind=sgd', 'optimizer.momentum=0.5'],
      ['optimizer.momentum=0.5', 'optimizer.kind=sgd'],
    ]) {
      const { config, warnings } = resolve('quick', ...pairs);
      expect(config.optimizer).toEqual(expected);
      expect(warnings).toEqual(['optimizer.kind is now "sgd"; dropped with "adam": optimizer.weightDecay']);
    }
    expect(resolve('quick', 'backbone.kind=vit', 'backbone.depth=2').config.backbone).toEqual({
      kind: 'vit',
      size: 'tiny',
      patch: 4,
      depth: 2,
      pool: 'class',
    });
    expect(resolve('quick', 'optimizer.kind=adam').config.optimizer).toMatchObject({ weightDecay: 1e-5 });
  });

  it('drops the options of a former method', () => {
    const { config, warnings } = resolve('quick', 'method=supervised', 'options.labelSmoothing=0.1');
    expect(config.options).toEqual({ labelSmoothing: 0.1, padCrop: 4, flip: 0.5 });
    expect(warnings[0]).toContain('dropped with "simclr": options.temperature, options.projector');
  });

  it('takes texts in quotes, as JSON writes them', () => {
    const { config, warnings } = resolve(
      'quick',
      'method="supervised"',
      'optimizer.kind="sgd"',
      'data.path="a"',
    );
    expect(config).toMatchObject({ method: 'supervised', optimizer: { kind: 'sgd' }, data: { path: 'a' } });
    expect(warnings).toContain('optimizer.kind is now "sgd"; dropped with "adam": optimizer.weightDecay');
  });

  it('takes a configuration as it was resolved', () => {
    const { config } = resolve('simclr-cifar10', 'data.path=/images');
    expect(resolveConfig({ config, overrides: [] }).config).toEqual(config);
  });

  it.each<[string[], string]>([
    [['optimizer.beta1=1.5'], 'optimizer.beta1 is 1.5; it must be a number from 0 to 1'],
    [['learningRate=0'], 'learningRate is 0; it must be a number above 0 and at most 100'],
    [['batchSize=0.5'], 'batchSize is 0.5; it must be a whole number from 1 to 65536'],
    [['batchSize=many'], 'batchSize is "many"; it must be a whole number from 1 to 65536'],
    [['seed=-1'], 'seed is -1; it must be a whole number of at least 0'],
    [['backbone.depth=19'], 'backbone.depth is 19; it must be 18, 34 or 50'],
    [
      ['backbone.stem=tiny'],
      'backbone.stem is "tiny"; it must be "torchvision", "torchvision-no-pool" or "cifar"',
    ],
    [['optimizer.kind=adan'], 'optimizer.kind is "adan"; it must be "sgd", "adam", "adamw" or "lars"'],
    [['clipNorm=-1'], 'clipNorm is -1; it must be a number above 0 or null'],
    [['lowMemory=yes'], 'lowMemory is "yes"; it must be true or false'],
    [['optimizer=fast'], 'optimizer is "fast"; it must be an object'],
    [['options.temperature=0'], 'options.temperature is 0; it must be a number from 0.01 to 10'],
    [
      ['options.views.cropScale=[1,0.5]'],
      'options.views.cropScale is [1,0.5]: the first must not be above the second',
    ],
    [
      ['options.views.cropScale=[1]'],
      'options.views.cropScale is [1]; it must be a list of 2: a number from 0.01 to 1, a number from 0.01 to 1',
    ],
    [
      ['batchSize=0', 'epochs=-1'],
      'batchSize is 0; it must be a whole number from 1 to 65536. ' +
        'epochs is -1; it must be a number above 0 and at most 100000',
    ],
    [['bathSize=2'], 'There is no setting "bathSize" | Did you mean "batchSize"?'],
    [
      ['optimizer.momentun=2', 'optimizer.kind=sgd'],
      'There is no setting "optimizer.momentun" for optimizer.kind "sgd" | Did you mean "optimizer.momentum"?',
    ],
    [
      ['schedule.zzzzzzzz=2'],
      'There is no setting "schedule.zzzzzzzz" | Settings here: schedule.kind, schedule.warmupEpochs, ' +
        'schedule.final, schedule.milestones, schedule.gamma.',
    ],
    [
      ['options.temprature=1'],
      'There is no setting "options.temprature" | Did you mean "options.temperature"?',
    ],
    [['options.views.flip.x=1'], 'There is no setting "options.views.flip.x"'],
    [['__proto__.x=1'], 'There is no setting "__proto__"'],
    [['method=simclear'], 'There is no method "simclear" | Did you mean "simclr"?'],
  ])('refuses %j', (pairs, expected) => {
    expect(refusal(() => resolve('quick', ...pairs))).toContain(expected);
  });

  it('refuses what a file holds in the same words', () => {
    const config = { ...presets[0].config, bathSize: 3, optimizer: { kind: 'sgd', beta1: 0.5 } };
    const text = refusal(() => resolveConfig({ config, overrides: [] }));
    expect(text).toContain('There is no setting "optimizer.beta1" for optimizer.kind "sgd"');
    expect(text).toContain('There is no setting "bathSize"');
    expect(text).toContain('Did you mean "batchSize"?');
  });

  it('asks for images where the preset brings none', () => {
    expect(refusal(() => resolve('simclr-cifar10'))).toBe(
      'data.path is missing; it must be a text | Name a folder or an archive of images with --data, or "sample" ' +
        'for the images that ship with Selvedge.',
    );
  });

  it('names the nearest preset', () => {
    expect(refusal(() => resolve('simclr-cifar'))).toBe(
      'There is no preset "simclr-cifar" | Did you mean "simclr-cifar10"?',
    );
  });

  it.each<[unknown, string]>([
    [undefined, 'Name either a preset or a configuration'],
    [[], 'The configuration is not a JSON object'],
    [{}, 'method is missing'],
    [{ method: 3 }, 'method is 3; it must be a text'],
    [{ method: 'simclr' }, 'backbone is missing; it must be an object'],
  ])('refuses the configuration %j', (config, expected) => {
    expect(refusal(() => resolveConfig({ config, overrides: [] }))).toContain(expected);
  });

  it('refuses a patch that does not divide the image', () => {
    expect(() => resolve('quick', 'backbone.kind=vit', 'backbone.patch=5')).toThrow(UserError);
  });

  it.each<[string[], string]>([
    [['schedule.warmupEpochs=10'], 'never leaves its warm-up'],
    [['schedule.kind=step'], 'stays constant'],
    [['schedule.milestones=[3]'], 'schedule.milestones are not used'],
    [['schedule.final=1'], 'rises from'],
    [['data.imageSize=128'], 'keeps the full resolution'],
    [['backbone.stem=torchvision'], 'leaves a 32 px image 1 px wide'],
    [['data.subset=10', 'data.labelsPerClass=1'], 'data.subset is not used'],
    [['accumulate=2'], 'does not add images to compare with'],
    [['init={"checkpoint":"a","freezeEncoder":true}'], 'learns nothing of use'],
  ])('doubts %j', (pairs, expected) => {
    const { warnings } = resolve('quick', ...pairs);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(expected);
  });
});

describe('examineConfig', () => {
  const examine = (preset: string, ...overrides: [string, string][]) => examineConfig({ preset, overrides });

  it('says everything that is wrong, each with its path', () => {
    const { config, issues } = examine(
      'simclr-cifar10',
      ['optimizer.momentun', '0.5'],
      ['batchSize', '0'],
      ['options.projector.layers', '9'],
      ['backbone.width', '"wide"'],
    );
    expect(config).toBeNull();
    expect(issues.map(({ path }) => path)).toEqual([
      'optimizer.momentun',
      'options.projector.layers',
      'backbone.width',
      'data.path',
      'batchSize',
    ]);
    expect(issues[0]).toMatchObject({ hint: 'Did you mean "optimizer.momentum"?' });
    expect(issues[4]).toEqual({
      path: 'batchSize',
      message: 'batchSize is 0; it must be a whole number from 1 to 65536',
      hint: null,
    });
  });

  it.each<[string, [string, string][], string]>([
    ['quik', [], ''],
    ['quick', [['method', 'simclear']], 'method'],
    [
      'quick',
      [
        ['backbone.kind', 'vit'],
        ['backbone.patch', '5'],
      ],
      'backbone',
    ],
  ])('gives the refusal of %s %j the path "%s"', (preset, overrides, path) => {
    expect(examine(preset, ...overrides)).toMatchObject({ config: null, issues: [{ path }] });
  });

  it('has no issues where there is a configuration', () => {
    expect(examine('quick', ['schedule.final', '1'])).toMatchObject({
      config: { method: 'simclr' },
      warnings: [expect.stringContaining('rises from')],
      issues: [],
    });
  });

  it('refuses a network that the method cannot use, before anything is trained', () => {
    const { config, issues } = examine('mae-cifar10', ['data.path', 'x'], ['backbone.kind', 'resnet']);
    expect(config).toBeNull();
    expect(issues.map(({ path }) => path)).toEqual(['method']);
    expect(issues[0].message).toContain('backbone.kind is "resnet"');
  });
});

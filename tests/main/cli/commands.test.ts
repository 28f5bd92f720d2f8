import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openHost } from '../../../src/main/host';
import { openLibrary } from '../../../src/main/library';
import { cli, fakeConfig, fakeRunner, fakeTerminal, matching, temporaryFolder } from '../helpers';

/** A library with one run, trained by the fake runner, and the run's id. */
async function libraryWithRun(...args: string[]): Promise<{ library: string; id: string }> {
  const library = temporaryFolder();
  const { terminal } = await cli(library, ['train', 'quick', '--json', ...args]);
  return { library, id: String(terminal.lines()[0]['id']) };
}

describe('train', () => {
  it('shows the configuration, progress, the end, and what to do next', async () => {
    const library = temporaryFolder();
    const { code, out, err } = await cli(library, ['train', '--name', 'first', '--set', 'options.steps=10']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Run fake-\d{8}-\d{6}-[0-9a-f]{3} \(first\)\n {2}fake with ResNet-18 \(cifar stem\) at 32 px/,
    );
    expect(out).toMatch(/Training {2}step \d+\/10 .*loss \d/);
    expect(out).toMatch(/Done: fake-\S+, step 10, epoch 2, k-NN 10\.0 %, after \d+ s\./);
    for (const next of ['eval knn', 'embed', 'export', '--from']) expect(out).toContain(next);
    expect(out).toContain(`--library ${library}`);
    expect(err).toContain('Note: Nothing is learned.');
  });

  it('prints one JSON object a line with --json, and a config.json that trains the same again', async () => {
    const library = temporaryFolder();
    const { code, terminal, err } = await cli(library, [
      'train',
      '--json',
      '--seed',
      '7',
      '--max-steps',
      '9',
    ]);
    expect(code).toBe(0);
    const lines = terminal.lines();
    const types = new Set(lines.map((line) => line['type']));
    expect([...types]).toEqual(['run', 'event', 'metrics', 'progress', 'checkpoint', 'end']);
    expect(lines[0]).toMatchObject({ config: { seed: 7, maxSteps: 9 }, warnings: ['Nothing is learned.'] });
    expect(lines.at(-1)).toMatchObject({ type: 'end', status: 'done', step: 20, knn: 0.2, failure: null });
    expect(JSON.stringify(lines)).toContain('"value":"NaN"');
    expect(err).toBe('Note: Nothing is learned.\n');
    const file = join(String(lines[0]['folder']), 'config.json');
    const again = await cli(library, ['train', file, '--json']);
    expect(again.terminal.lines()[0]['config']).toEqual(lines[0]['config']);
  });

  it('gives paths as text and absolute, "sample" as it is', async () => {
    const run = async (...args: string[]) =>
      (
        await cli(temporaryFolder(), ['train', '--json', '--set', 'options.steps=1', ...args])
      ).terminal.lines()[0];
    expect(await run('--data', '123')).toMatchObject({
      config: { data: { path: join(process.cwd(), '123') } },
    });
    expect(await run()).toMatchObject({ config: { data: { path: 'sample' } } });
  });

  it('starts from the weights of a run, with its backbone and images', async () => {
    const { library, id } = await libraryWithRun('--data', '/images', '--set', 'backbone.width=0.5');
    const { terminal } = await cli(library, ['train', '--from', id, '--freeze-encoder', '--json']);
    const checkpoint = join(library, 'runs', id, 'checkpoints', 'step-000020.safetensors');
    expect(terminal.lines()[0]).toMatchObject({
      parent: id,
      config: {
        init: { checkpoint, freezeEncoder: true },
        backbone: { width: 0.5 },
        data: { path: '/images' },
      },
    });
    const { out } = await cli(library, ['runs', 'show', 'last']);
    expect(out).toContain(`Started from ${checkpoint}\n  1 tensor loaded, 1 resized, 1 skipped\n`);
    expect(out).toMatch(/^pos_embed +\[1, 37, 8\] → \[1, 17, 8\] +resized +6 x 6 patches interpolated/m);
    expect(out).toMatch(/^ +fc\.bias +\[10\] +skipped +the encoder has no such parameter$/m);
    const [shown] = (await cli(library, ['runs', 'show', 'last', '--json'])).terminal.lines();
    const { events } = shown as { events: { name: string }[] };
    expect(events.filter(({ name }) => name === 'starting-weights')).toMatchObject([
      { data: { file: checkpoint, rows: [{ what: 'loaded' }, { what: 'resized' }, { what: 'skipped' }] } },
    ]);
  });

  it('learns from a run that is named as the teacher, and says where there is none', async () => {
    const { library, id } = await libraryWithRun();
    const { terminal } = await cli(library, ['train', '--set', `teacher=${id}`, '--json']);
    const teacher = join(library, 'runs', id, 'checkpoints', 'step-000020.safetensors');
    expect(terminal.lines()[0]).toMatchObject({ parent: id, config: { init: null, teacher } });
    const { code, err } = await cli(library, ['train', '--set', 'teacher=nobody']);
    expect(code).toBe(2);
    expect(err).toContain('nobody');
  });

  it('ends with 1 where training fails, with the reason and how to go on', async () => {
    const { code, out, err } = await cli(temporaryFolder(), ['train', '--set', 'options.behaviour=nan']);
    expect(code).toBe(1);
    expect(out).toMatch(/Failed: .*\nNext:\n {2}resume {4}selvedge resume fake-/);
    expect(err).toMatch(/The loss is NaN at step 12\.\nTry a smaller learning rate\./);
  });

  it('stops with a checkpoint on the first Ctrl-C', async () => {
    const terminal = fakeTerminal();
    const library = temporaryFolder();
    const training = cli(library, ['train', '--json', '--set', 'options.behaviour=wait'], terminal);
    await vi.waitUntil(() => terminal.out().includes('"step":12'), 10_000);
    terminal.interrupt();
    expect((await training).code).toBe(0);
    expect(terminal.err()).toContain('writing a checkpoint');
    expect(terminal.lines().at(-1)).toMatchObject({ status: 'stopped', step: 12 });
    const resumed = await cli(library, ['resume', 'last', '--json']);
    expect(resumed.code).toBe(0);
    expect(resumed.terminal.lines()[0]).toMatchObject({ type: 'run', fromStep: 12 });
    expect(resumed.terminal.lines().at(-1)).toMatchObject({ status: 'done', step: 20 });
  });

  it('ends at once on the second Ctrl-C, and can be resumed', async () => {
    const terminal = fakeTerminal();
    const library = temporaryFolder();
    const runner = { ...fakeRunner, patience: { steady: 60_000, generous: 60_000 } };
    const training = cli(
      library,
      ['train', '--json', '--set', 'options.behaviour=stubborn'],
      terminal,
      runner,
    );
    await vi.waitUntil(() => terminal.out().includes('"step":12'), 10_000);
    terminal.interrupt();
    terminal.interrupt();
    expect((await training).code).toBe(1);
    expect(terminal.lines().at(-1)).toMatchObject({ status: 'interrupted', exitSignal: 'SIGKILL' });
    expect((await cli(library, ['runs', 'show', 'last'])).out).toContain(
      'Continue it: selvedge resume fake-',
    );
  });
});

describe('resume', () => {
  it('says that a done run has nothing to continue', async () => {
    const { library, id } = await libraryWithRun();
    const { code, err } = await cli(library, ['resume', id]);
    expect(code).toBe(1);
    expect(err).toMatch(/is done: it reached step 20.*\n.*--from/);
  });

  it('says when it falls back to an older checkpoint', async () => {
    const { library, id } = await libraryWithRun('--set', 'options.behaviour=crash');
    truncateSync(join(library, 'runs', id, 'checkpoints', 'step-000010.safetensors'), 3);
    const { err, terminal } = await cli(library, ['resume', id, '--json']);
    expect(err).toMatch(/step-000010\.safetensors is truncated\.\nTrying the checkpoint before it\./);
    expect(terminal.lines().find((line) => line['type'] === 'checkpoint-refused')).toMatchObject({
      checkpoint: { step: 10 },
    });
  });
});

describe('runs', () => {
  it('are listed and shown, also while another process trains', async () => {
    const { library, id } = await libraryWithRun('--name', 'first');
    const owner = openLibrary(library, 'own');
    const list = await cli(library, ['runs', 'list']);
    expect(list.out).toMatch(
      /^run +name +status +step +epoch +loss +k-NN +best +created\nfake-\S+ +first +done +20 /,
    );
    const json = await cli(library, ['runs', '--json']);
    expect(json.terminal.lines()).toMatchObject([
      { type: 'run', id, status: 'done', knn: { last: 0.2, best: 0.2 } },
    ]);
    const show = await cli(library, ['runs', 'show', 'first']);
    for (const part of ['(first): done', 'loss', 'step-000020', 'History']) expect(show.out).toContain(part);
    const shown = (await cli(library, ['runs', 'show', id, '--json'])).terminal.lines();
    expect(shown).toMatchObject([{ id, config: { method: 'fake' }, checkpoints: [{ step: 20 }, {}, {}] }]);
    owner.close();
  });

  it('are none in a library that does not exist', async () => {
    const library = join(temporaryFolder(), 'none');
    expect(await cli(library, ['runs', 'list'])).toMatchObject({
      code: 0,
      out: matching('No runs yet'),
    });
    expect(existsSync(library)).toBe(false);
  });

  it('are deleted after asking', async () => {
    const { library, id } = await libraryWithRun();
    expect(await cli(library, ['runs', 'delete', id])).toMatchObject({
      code: 2,
      err: matching('--yes'),
    });
    const no = await cli(library, ['runs', 'delete', id], fakeTerminal({ answer: 'n' }));
    expect(no).toMatchObject({ code: 1, out: matching('Nothing was deleted') });
    expect(existsSync(join(library, 'runs', id))).toBe(true);
    expect((await cli(library, ['runs', 'delete', id], fakeTerminal({ answer: 'yes' }))).code).toBe(0);
    expect(existsSync(join(library, 'runs', id))).toBe(false);
  });

  it('that are not there are an error of usage, with the nearest name', async () => {
    const { library } = await libraryWithRun('--name', 'baseline');
    const { code, err } = await cli(library, ['runs', 'show', 'basline']);
    expect(code).toBe(2);
    expect(err).toMatch(/There is no run "basline"\.\nDid you mean baseline\?/);
  });
});

describe('using a run', () => {
  it('eval knn, embed and export answer, and record what they made', async () => {
    const { library, id } = await libraryWithRun();
    const knn = await cli(library, ['eval', 'knn', 'last', '--k', '10,200', '--json']);
    expect(knn.terminal.lines()).toMatchObject([{ type: 'knn', step: 20, accuracy: { 10: 0.5, 200: 0.5 } }]);
    const linear = await cli(library, ['eval', 'linear', 'last', '--epochs', '3']);
    expect(linear.out).toMatch(/linear 60.0 %/);
    const shots = await cli(library, ['eval', 'few-shot', 'last', '--shots', '1,5', '--json']);
    expect(shots.terminal.lines()).toMatchObject([{ type: 'few-shot', shots: [{ shots: 1 }, { shots: 5 }] }]);
    const out = join(library, 'embeddings.parquet');
    expect((await cli(library, ['embed', id, '--data', '/images', '--out', out])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('step-000020');
    const onnx = join(library, 'encoder.onnx');
    const exported = await cli(library, [
      'export',
      id,
      '--format',
      'onnx',
      '--out',
      onnx,
      '--checkpoint',
      '10',
    ]);
    expect(exported.code).toBe(0);
    expect(readFileSync(onnx, 'utf8')).toContain('step-000010');
    const [shown] = (await cli(library, ['runs', 'show', id, '--json'])).terminal.lines();
    expect(shown).toMatchObject({
      evaluations: [{}, { kind: 'knn', step: 20 }, { kind: 'linear' }, { kind: 'few-shot' }],
      embeddings: [{ path: out }],
    });
  });

  it('works while another process owns the library, and says what is not recorded', async () => {
    const { library, id } = await libraryWithRun();
    const owner = openLibrary(library, 'own');
    const { code, err, out } = await cli(library, ['eval', 'knn', id]);
    expect({ code, out }).toMatchObject({ code: 0, out: matching('k = 20') });
    expect(err).toMatch(/in use by process \d+ .*not recorded/);
    owner.close();
  });

  it('needs a checkpoint', async () => {
    const library = temporaryFolder();
    const host = await openHost(fakeRunner, 'own', library);
    const { id } = host.store.runs.create(fakeConfig());
    host.close();
    const { code, err } = await cli(library, ['export', id, '--format', 'onnx', '--out', 'never.onnx']);
    expect({ code, err }).toMatchObject({ code: 1, err: matching('has no checkpoint yet') });
  });
});

describe('data, devices and presets', () => {
  it('check, add and list folders', async () => {
    const library = temporaryFolder();
    expect((await cli(library, ['data', 'check', library])).out).toMatch(
      /7 images, 1 classes\n.*cat +7\n.*\n +a\.jpg/,
    );
    expect((await cli(library, ['data', 'add', library])).code).toBe(0);
    expect((await cli(library, ['data', 'list', '--json'])).terminal.lines()).toMatchObject([
      { type: 'dataset', path: library, report: { images: 7 } },
    ]);
  });

  it('say what is missing and how to get it', async () => {
    const { out } = await cli(temporaryFolder(), ['devices']);
    expect(out).toMatch(
      /cpu +CPU: chosen by auto[^]*cuda +CUDA: not available\n +No GPU\.\n +To get it: Buy one\./,
    );
  });

  it('print a preset that trains', async () => {
    const library = temporaryFolder();
    expect((await cli(library, ['presets'])).out).toContain('quick');
    const file = join(library, 'mine.json');
    writeFileSync(file, (await cli(library, ['presets', 'quick'])).out);
    expect((await cli(library, ['train', file])).code).toBe(0);
  });
});

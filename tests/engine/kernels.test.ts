import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { batchNormTraining, gelu, layerNorm, type HostTensors, type TensorMap } from '../../src/engine';
import { expectSame, integers, values, withGradients } from './compare';

/** An uneven weighting of the output, so that every element's gradient is its own. */
const weighted = (y: tf.Tensor): tf.Tensor => {
  const flat = tf.reshape(tf.cast(y, 'float32'), [-1]);
  return tf.sum(tf.mul(flat, tf.sin(tf.range(1, flat.size + 1))));
};

/** Value and gradients of f agree with the reference. */
function agrees(name: string, inputs: HostTensors, f: (inputs: TensorMap) => tf.Tensor): void {
  it(name, () => expectSame(inputs, withGradients(f, weighted)));
}
/** The value alone agrees: comparisons, integers, and what has no gradient. */
function agreesInValue(name: string, inputs: HostTensors, f: (inputs: TensorMap) => tf.Tensor): void {
  it(name, () => expectSame(inputs, (tensors) => ({ y: f(tensors) })));
}

const x = values([2, 3, 4], 1);
const positive = values([2, 3, 4], 2, 0.1, 3);
const row = values([4], 3, 0.5, 2);

describe('elementwise', () => {
  agrees('Add', { a: x, b: row }, ({ a, b }) => tf.add(a, b));
  agrees('Sub', { a: row, b: x }, ({ a, b }) => tf.sub(a, b));
  agrees('Multiply', { a: x, b: positive }, ({ a, b }) => tf.mul(a, b));
  agrees('RealDiv', { a: x, b: row }, ({ a, b }) => tf.div(a, b));
  agrees('Maximum', { a: x, b: positive }, ({ a, b }) => tf.maximum(a, b));
  agrees('Minimum', { a: x, b: positive }, ({ a, b }) => tf.minimum(a, b));
  agrees('SquaredDifference', { a: x, b: positive }, ({ a, b }) => tf.squaredDifference(a, b));
  agrees('Pow', { a: positive, b: row }, ({ a, b }) => tf.pow(a, b));
  agrees('Pow by 2', { a: x }, ({ a }) => tf.pow(a, 2));
  agreesInValue('Mod', { a: x, b: row }, ({ a, b }) => tf.mod(a, b));
  agreesInValue(
    'FloorDiv',
    { a: integers([4], [7, -7, 5, -1]), b: integers([4], [2, 2, -3, 5]) },
    ({ a, b }) => tf.floorDiv(a, b),
  );
  const comparisons = {
    Greater: tf.greater,
    GreaterEqual: tf.greaterEqual,
    Less: tf.less,
    LessEqual: tf.lessEqual,
    Equal: tf.equal,
    NotEqual: tf.notEqual,
  };
  for (const [name, compare] of Object.entries(comparisons))
    agreesInValue(
      name,
      { a: integers([5], [1, 2, 3, 4, 5]), b: integers([5], [3, 3, 3, 3, 3]) },
      ({ a, b }) => compare(a, b),
    );
  agreesInValue('LogicalAnd, LogicalOr, LogicalNot', { a: x, b: row }, ({ a, b }) =>
    tf.logicalOr(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 1)), tf.logicalNot(tf.less(a, 1))),
  );
  agrees('Select', { a: x, b: positive }, ({ a, b }) => tf.where(tf.greater(a, b), a, tf.mul(b, 3)));
  agreesInValue('Cast', { a: x }, ({ a }) => tf.cast(a, 'int32'));
  const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    Abs: tf.abs,
    Neg: tf.neg,
    Exp: tf.exp,
    Expm1: tf.expm1,
    Square: tf.square,
    Tanh: tf.tanh,
    Sigmoid: tf.sigmoid,
    Softplus: tf.softplus,
    Erf: tf.erf,
    Relu: tf.relu,
    Relu6: tf.relu6,
    Elu: tf.elu,
    LeakyRelu: (t) => tf.leakyRelu(t, 0.1),
    Sin: tf.sin,
    Cos: tf.cos,
    ClipByValue: (t) => tf.clipByValue(t, -1, 1.5),
    Gelu: gelu,
    Identity: tf.clone,
    Step: (t) => tf.step(t, 0.25),
  };
  for (const [name, f] of Object.entries(unary)) agrees(name, { x }, ({ x: t }) => f(t));
  const far = { ...row, data: Float32Array.of(-300, -3.2, 1.6, 1000) };
  agrees('Sin, Cos far from 0', { x: far }, ({ x: t }) => tf.add(tf.sin(t), tf.mul(tf.cos(t), 2)));
  const onPositive: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    Log: tf.log,
    Log1p: tf.log1p,
    Sqrt: tf.sqrt,
    Rsqrt: tf.rsqrt,
    Reciprocal: tf.reciprocal,
  };
  for (const [name, f] of Object.entries(onPositive)) agrees(name, { x: positive }, ({ x: t }) => f(t));
  for (const [name, f] of Object.entries({ Floor: tf.floor, Ceil: tf.ceil, Round: tf.round, Sign: tf.sign }))
    agreesInValue(name, { x }, ({ x: t }) => f(t));
  agreesInValue(
    'IsNan, IsInf, IsFinite',
    { x: { ...row, data: Float32Array.from([1, NaN, Infinity, -2]) } },
    ({ x: t }) => tf.stack([tf.isNaN(t), tf.isInf(t), tf.isFinite(t)].map((flag) => tf.cast(flag, 'int32'))),
  );
});

describe('reductions', () => {
  for (const [name, f] of Object.entries({ Sum: tf.sum, Mean: tf.mean, Max: tf.max, Min: tf.min }))
    for (const axes of [[0], [1, 2], [0, 2], undefined])
      agrees(`${name} over ${String(axes ?? 'all')}`, { x }, ({ x: t }) => f(t, axes, axes?.length === 1));
  agreesInValue('Prod', { x: row }, ({ x: t }) => tf.prod(t));
  agreesInValue('All', { x }, ({ x: t }) => tf.all(tf.greater(t, -1), 1));
  agreesInValue('Any', { x }, ({ x: t }) => tf.any(tf.greater(t, 1), [0, 2], true));
  agreesInValue('ArgMax', { x }, ({ x: t }) => tf.argMax(t, 1));
  agreesInValue('ArgMin', { x }, ({ x: t }) => tf.argMin(t, -1));
  agreesInValue('TopK values', { x }, ({ x: t }) => tf.topk(t, 3).values);
  agreesInValue('TopK indices', { x }, ({ x: t }) => tf.topk(t, 3).indices);
  agrees('Cumsum', { x }, ({ x: t }) => tf.cumsum(t, 2, true, true));
  agrees('Softmax', { x }, ({ x: t }) => tf.softmax(t));
  agrees('LogSoftmax', { x }, ({ x: t }) => tf.logSoftmax(t));
  agrees('moments', { x }, ({ x: t }) => tf.moments(t, [0, 1]).variance);
});

describe('shapes', () => {
  agrees('Reshape', { x }, ({ x: t }) => tf.reshape(t, [6, 4]));
  agrees('ExpandDims', { x }, ({ x: t }) => tf.expandDims(t, 1));
  agrees('Transpose', { x }, ({ x: t }) => tf.transpose(t, [2, 0, 1]));
  agrees('Transpose, then Reshape', { x }, ({ x: t }) => tf.reshape(tf.transpose(t, [2, 0, 1]), [4, 6]));
  agrees('Transpose, then elementwise and a broadcast', { x, b: values([3], 5) }, ({ x: t, b }) =>
    tf.add(tf.mul(tf.transpose(t, [2, 0, 1]), tf.transpose(tf.square(t), [2, 0, 1])), b),
  );
  agrees('Transpose, then reduction', { x }, ({ x: t }) => tf.sum(tf.transpose(t, [2, 0, 1]), 1));
  agrees('Concat', { a: x, b: positive }, ({ a, b }) => tf.concat([a, b, a], 1));
  agrees('Pack', { a: x, b: positive }, ({ a, b }) => tf.stack([a, b], 1));
  agrees('SplitV', { x }, ({ x: t }) => tf.mul(tf.split(t, 2, 2)[0], tf.split(t, [1, 3], 2)[0]));
  agrees('Unpack', { x }, ({ x: t }) => tf.mul(tf.unstack(t, 1)[0], tf.unstack(t, 1)[2]));
  agrees('Slice', { x }, ({ x: t }) => tf.slice(t, [0, 1, 1], [2, 2, 3]));
  agreesInValue('StridedSlice', { x }, ({ x: t }) => tf.stridedSlice(t, [0, 2, 3], [2, -4, 0], [1, -1, -2]));
  agrees('Reverse', { x }, ({ x: t }) => tf.reverse(t, [0, 2]));
  agrees('PadV2', { x }, ({ x: t }) =>
    tf.pad(
      t,
      [
        [1, 0],
        [0, 2],
        [3, 1],
      ],
      0.5,
    ),
  );
  agrees('Tile', { x }, ({ x: t }) => tf.tile(t, [2, 1, 3]));
  agrees('broadcastTo', { x: row }, ({ x: t }) => tf.broadcastTo(t, [3, 2, 4]));
  agreesInValue('ZerosLike, OnesLike, Fill', { x }, ({ x: t }) =>
    tf.add(tf.add(tf.zerosLike(t), tf.onesLike(t)), tf.fill([2, 3, 4], 2)),
  );
  agreesInValue('Range', { x: row }, ({ x: t }) => tf.mul(t, tf.range(0, 4)));
});

describe('indexing', () => {
  const indices = integers([5], [1, 0, 2, 2, 1]);
  agrees('GatherV2 and UnsortedSegmentSum, its gradient', { x, i: indices }, ({ x: t, i }) =>
    tf.gather(t, tf.cast(i, 'int32'), 1),
  );
  agreesInValue('OneHot', { i: indices }, ({ i }) => tf.oneHot(i, 4, 2, -1));
});

describe('products', () => {
  const a = values([3, 4, 5], 1);
  const b = values([3, 5, 2], 2);
  agrees('BatchMatMul', { a, b }, (t) => tf.matMul(t.a, t.b));
  agrees('BatchMatMul, left transposed', { a: values([3, 5, 4], 1), b }, (t) => tf.matMul(t.a, t.b, true));
  agrees('BatchMatMul, right transposed', { a, b: values([3, 2, 5], 2) }, (t) =>
    tf.matMul(t.a, t.b, false, true),
  );
  agrees('BatchMatMul of matrices, both transposed', { a: values([5, 4], 1), b: values([2, 5], 2) }, (t) =>
    tf.matMul(t.a, t.b, true, true),
  );
  agrees(
    'BatchMatMul with a bias',
    { a: values([4, 5], 1), w: values([3, 5], 2), bias: values([3], 3) },
    (t) => tf.add(tf.matMul(t.a, t.w, false, true), t.bias),
  );
  agrees('Sum over many rows', { a: values([128, 5], 1) }, (t) => tf.sum(t.a, 0));
  agrees(
    'BatchMatMul of transposes, scaled',
    { a: values([2, 5, 3, 4], 1), b: values([2, 6, 3, 4], 2) },
    (t) =>
      tf.softmax(tf.mul(tf.matMul(tf.transpose(t.a, [0, 2, 1, 3]), tf.transpose(t.b, [0, 2, 3, 1])), 0.5)),
  );
});

const image = values([2, 7, 8, 3], 1);
const PADS = {
  valid: 'valid',
  same: 'same',
  explicit: [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ],
} as const;

describe('convolutions', () => {
  for (const [padding, pad] of Object.entries(PADS))
    for (const stride of [1, 2])
      for (const size of [1, 3, 4]) {
        if (padding === 'explicit' && size === 1) continue;
        agrees(
          `Conv2D ${size}x${size} / ${stride}, ${padding}`,
          { x: image, f: values([size, size, 3, 5], 2) },
          ({ x: t, f }) => tf.conv2d(t as tf.Tensor4D, f as tf.Tensor4D, stride, pad as never),
        );
        agrees(
          `DepthwiseConv2dNative ${size}x${size} / ${stride}, ${padding}`,
          { x: image, f: values([size, size, 3, 2], 2) },
          ({ x: t, f }) => tf.depthwiseConv2d(t as tf.Tensor4D, f as tf.Tensor4D, stride, pad as never),
        );
      }
  agrees(
    'Conv2D with a filter in PyTorch order',
    { x: values([2, 6, 6, 16], 1), f: values([32, 16, 3, 3], 2) },
    ({ x: t, f }) => tf.conv2d(t as tf.Tensor4D, tf.transpose(f, [2, 3, 1, 0]) as tf.Tensor4D, 1, 1),
  );
  agrees('Conv2D with a filter of ones', { x: image }, ({ x: t }) =>
    tf.conv2d(t as tf.Tensor4D, tf.ones<tf.Rank.R4>([3, 3, 3, 16]), 2, 'valid'),
  );
  agrees(
    'Conv2DBackpropInput as conv2dTranspose',
    { x: values([2, 4, 4, 3], 1), f: values([3, 3, 5, 3], 2) },
    ({ x: t, f }) => tf.conv2dTranspose(t as tf.Tensor4D, f as tf.Tensor4D, [2, 8, 8, 5], 2, 'same'),
  );
});

describe('convolutions of whole blocks of channels', () => {
  const x16 = values([2, 8, 8, 16], 1);
  for (const [size, stride, pad] of [
    [3, 1, 1],
    [3, 2, 1],
    [1, 1, 0],
    [1, 2, 0],
    [5, 1, 2],
    [4, 2, 1],
    [3, 1, 0],
    [7, 2, 3],
  ] as const)
    agrees(
      `Conv2D ${size}x${size} / ${stride}, pad ${pad}`,
      { x: x16, f: values([32, 16, size, size], 2) },
      ({ x: t, f }) => tf.conv2d(t as tf.Tensor4D, tf.transpose(f, [2, 3, 1, 0]) as tf.Tensor4D, stride, pad),
    );
  agrees(
    'a residual block',
    { x: x16, f: values([16, 16, 3, 3], 2, -0.2, 0.2), scale: values([16], 3), offset: values([16], 4) },
    (t) => {
      const filter = tf.transpose(t.f, [2, 3, 1, 0]) as tf.Tensor4D;
      const inner = batchNormTraining(tf.conv2d(t.x as tf.Tensor4D, filter, 1, 1), t.scale, t.offset, {
        relu: true,
      }).y;
      const outer = tf.conv2d(inner as tf.Tensor4D, filter, 1, 1);
      return tf.mean(batchNormTraining(outer, t.scale, t.offset, { relu: true, residual: t.x }).y, [1, 2]);
    },
  );
  agrees(
    'elementwise with a value per channel, a scalar and a plain tensor',
    { x: x16, f: values([16, 16, 1, 1], 2), b: values([16], 3), c: values([2, 8, 8, 16], 4) },
    (t) => {
      const y = tf.conv2d(t.x as tf.Tensor4D, tf.transpose(t.f, [2, 3, 1, 0]) as tf.Tensor4D, 1, 0);
      return tf.add(tf.mul(tf.tanh(tf.add(y, t.b)), 3), tf.mul(t.c, y));
    },
  );
  agrees('MaxPool', { x: x16, f: values([16, 16, 1, 1], 2) }, (t) =>
    tf.maxPool(tf.conv2d(t.x as tf.Tensor4D, tf.transpose(t.f, [2, 3, 1, 0]) as tf.Tensor4D, 1, 0), 3, 2, 1),
  );
});

describe('pooling', () => {
  for (const [padding, pad] of Object.entries(PADS))
    for (const stride of [1, 2])
      agrees(`MaxPool 3x3 / ${stride}, ${padding}`, { x: image }, ({ x: t }) =>
        tf.maxPool(t as tf.Tensor4D, 3, stride, pad as never),
      );
  agrees('MaxPool with ties', { x: image }, ({ x: t }) => tf.maxPool(tf.relu(t) as tf.Tensor4D, 3, 2, 1));
  for (const stride of [1, 2])
    agrees(`AvgPool 3x3 / ${stride}`, { x: image }, ({ x: t }) =>
      tf.avgPool(t as tf.Tensor4D, 3, stride, 'valid'),
    );
  agreesInValue('AvgPool with padding', { x: image }, ({ x: t }) =>
    tf.avgPool(t as tf.Tensor4D, 3, 2, 'same'),
  );
});

describe('normalization', () => {
  const channels = { scale: values([16], 2, 0.5, 2), offset: values([16], 3) };
  const blocks = values([3, 5, 5, 16], 1);
  agrees('BatchNormTraining', { x: blocks, ...channels }, (t) => batchNormTraining(t.x, t.scale, t.offset).y);
  agrees(
    'BatchNormTraining with ReLU and residual',
    { x: blocks, ...channels, residual: values([3, 5, 5, 16], 4) },
    (t) => batchNormTraining(t.x, t.scale, t.offset, { relu: true, residual: t.residual }).y,
  );
  agrees(
    'BatchNormTraining of a matrix',
    { x: values([6, 16], 1), ...channels },
    (t) => batchNormTraining(t.x, t.scale, t.offset).y,
  );
  agreesInValue('BatchNormTraining statistics', { x: blocks, ...channels }, (t) => {
    const { mean, variance } = batchNormTraining(t.x, t.scale, t.offset);
    return tf.concat([mean, variance]);
  });
  agrees(
    'FusedBatchNorm',
    { x: blocks, ...channels, mean: values([16], 5), variance: values([16], 6, 0.5, 2) },
    (t) => tf.batchNorm(t.x, t.mean, t.variance, t.offset, t.scale, 1e-3),
  );
  agrees('LayerNorm', { x: values([3, 5, 16], 1), ...channels }, (t) => layerNorm(t.x, t.scale, t.offset));
});

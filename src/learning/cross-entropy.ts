/** The loss of classifiers. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean over the batch of -sum over classes c of q_c log softmax(logits)_c, where q is 1 - smoothing at the label
 * plus smoothing / classes everywhere (Szegedy et al. 2016, section 7).
 * @param logits [batch, classes]. @param labels [batch], int32.
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor, smoothing = 0): tf.Tensor {
  const classes = logits.shape[1]!;
  const rest = smoothing / classes;
  const target = tf.oneHot(labels, classes, 1 - smoothing + rest, rest, 'float32');
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), target), 1)));
}

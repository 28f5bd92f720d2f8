/** How well class scores tell classes. */
import * as tf from '@tensorflow/tfjs-core';

/** Share of the rows whose highest score is their label's. @param logits [n, classes]. @param labels [n], int32. */
export const accuracyOf = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
  tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32'));

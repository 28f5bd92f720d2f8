/** Learning: methods, encoders and their training and evaluation as pure tfjs. The door of the room. */
export { createEncoder, type Backbone } from './backbones';
export type { ConvolutionalBackbone, VisionTransformer } from './backbones';
export { featureNames, featureOf } from './backbones/features';
export {
  createEmbeddingStep,
  createEncoderExport,
  createPredictionStep,
  embeddingState,
  type Normalization,
} from './embedding';
export { createAttentionStep, createSimilarityStep, type SimilarityGoal } from './where-it-looks';
export { noCollapse, observeSpread, type CollapseEvent, type CollapseState } from './evaluation/collapse';
export {
  classifyByNeighbours,
  type KnnOptions,
  type KnnResult,
  type LabelledVectors,
} from './evaluation/knn';
export { fewShot, type FewShotOptions, type FewShotResult } from './evaluation/few-shot';
export { linearProbe, type LinearProbeOptions, type LinearProbeResult } from './evaluation/linear-probe';
export type { Neighbours, SearchOptions, Vectors } from './evaluation/neighbours';
export { createProductStep } from './evaluation/products';
export type { Encoder } from './backbones/backbone';
export type { Method, MethodModel, Progress } from './method';
export { findMethod } from './registry';
export type { Sampling } from './sampling';
export {
  createTrainingStep,
  encoderOf,
  initialWeights,
  transferEncoder,
  transferFixed,
  type PictureStep,
  type PictureStrip,
  type StepReport,
  type TrainingBatch,
  type TrainingStep,
  type Transfer,
} from './training';
export { describe, type Description, type MethodDescription } from './config/describe';
export type { Preset } from './config/presets';
export { examineConfig, resolveConfig, withoutTeacher, type Examined, type Resolved } from './config/resolve';
export { createViewStep, type ViewStep } from './view-step';

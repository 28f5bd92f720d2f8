/** Training: a run's step, its state, and starting from weights. */
export { type PlanOptions } from './plan';
export { createTrainingStep, type StepReport, type TrainingStep } from './step';
export { type PictureStep, type PictureStrip } from './picture-step';
export { type TrainingBatch } from './inputs';
export { encoderOf, initialWeights } from './state';
export { transferEncoder, transferFixed, type Transfer } from './transfer';

/** Heads on top of an encoder. */
export { distillationHead } from './distillation';
export { linearHead } from './linear';
export { mlpHead, type MlpHeadOptions } from './mlp';

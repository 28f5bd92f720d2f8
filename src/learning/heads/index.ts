/** Heads on top of an encoder. */
export { linearHead } from './linear';
export { mlpHead, type MlpHeadOptions } from './mlp';

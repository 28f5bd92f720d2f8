/** The domain of onnxruntime's operators on tensors in NCHWc. */
export const NCHWC = 'com.microsoft.nchwc';

/**
 * onnxruntime, silent. From 1.29 on it tells its maker of each session (the graph, the processor, an identifier of the
 * device that it keeps in the home folder) unless this variable is there before the first one: what a person trains on
 * their machine is nobody else's. Windows' builds write events to the system's own tracing instead, which Node's binding
 * cannot turn off.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';

export * from 'onnxruntime-node';

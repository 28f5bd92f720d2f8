/** A runner that learns nothing: as a training child it reports eight metrics and progress ten times a second. */
const EVERY = 100;
const METRICS = [
  'loss',
  'knn',
  'pairAccuracy',
  'embeddingSpread',
  'embeddingStd',
  'learningRate',
  'gradNorm',
  'imagesPerSecond',
];
const STEPS = 1_000_000;

const send = (message) => process.send({ version: 2, ...message });
const orphaned = () => process.exit(1);
process.on('disconnect', orphaned);
process.on('SIGINT', () => undefined);

let stop = () => process.exit(0);
process.on('message', (message) => {
  if (message.type === 'stop') stop();
  if (message.type === 'start') begin(message.job);
});
send({ type: 'ready', pid: process.pid, node: process.versions.node });

function begin(job) {
  if (job.kind === 'train') train();
  // Nobody asks it anything here; it lives, and says so.
  else if (job.kind === 'studio') beat();
  else end({ type: 'failed', message: 'Not measured.', hint: null, kind: 'failed', stack: null });
}

function beat() {
  const heartbeat = () => send({ type: 'heartbeat', rssBytes: 1, cpuSeconds: 1 });
  heartbeat();
  setInterval(heartbeat, 1000);
}

function train() {
  let step = 0;
  beat();
  const timer = setInterval(() => {
    step++;
    const epoch = step / 500;
    const time = Date.now();
    send({
      type: 'metrics',
      points: METRICS.map((name) => ({ name, step, epoch, time, value: 1 + Math.random() })),
    });
    send({
      type: 'progress',
      phase: 'training',
      done: step,
      total: STEPS,
      rate: 1280,
      secondsLeft: (STEPS - step) / 10,
      epoch,
      epochs: STEPS / 500,
    });
  }, EVERY);
  stop = () => {
    clearInterval(timer);
    end({ type: 'result', value: { step, epoch: step / 500, stopped: true, knn: null } });
  };
}

/** The last word: once it has left, the process ends. */
function end(message) {
  process.off('disconnect', orphaned);
  process.send({ version: 2, ...message }, () => process.exit(0));
}

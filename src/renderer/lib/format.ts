/** Numbers and times as a person reads them, rounded to what they mean. Units stand apart, to be shown quieter. */

/** 0.6132 is "61.3". */
export const percent = (share: number): string => (share * 100).toFixed(1);

/** Three significant digits, as a loss needs: 4.91, 0.0312, 1.20e-5. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001 || size >= 100_000) return value.toExponential(2);
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Epochs with one decimal only where they are not whole. */
export const epochs = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

export const count = (value: number): string => value.toLocaleString('en-US');

/** The two largest units: "3 min 20 s", "2 h 5 min", "4 d 1 h". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "just now", "12 min ago", "yesterday 14:05", "3 Nov 2026". */
export function ago(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const days = Math.round((startOfDay(now) - startOfDay(time)) / 86_400_000);
  if (days === 0) return `today ${clock(time)}`;
  if (days === 1) return `yesterday ${clock(time)}`;
  return dateFormat.format(time);
}

// Kept: making one takes a hundred times as long as using it, and every row of a table does.
const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** Seconds left, roughly, as one says it: "40 s", "3 min 20 s", "2 h 5 min". */
export const timeLeft = (seconds: number): string =>
  // Beyond ten minutes seconds are noise.
  duration((seconds > 600 ? Math.round(seconds / 60) * 60 : seconds) * 1000).replace(/ 0 s$/, '');

/** The largest unit only, where there is little room: "40 s", "3 min", "2 h". */
export const roughly = (seconds: number): string => /^\d+ \w+/.exec(duration(seconds * 1000))?.[0] ?? '';

/** "14:05". */
export const clock = (time: number): string => clockFormat.format(time);

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** "3.2 GiB", "812 KiB". */
export function bytes(value: number): string {
  const power = value < 1024 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${power === 0 || scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)} ${byteUnits[power]}`;
}

/** Metrics that are shares in [0, 1] and read as percent. */
export const isShare = (metric: string): boolean =>
  /knn|accuracy|recall|precision|top\d|maskRate/i.test(metric);

/** A metric's value as text and its unit, which is shown quieter; an unknown or NaN value is a dash. */
export function metricValue(
  metric: string,
  value: number | null | undefined,
): { text: string; unit: string } {
  if (value === null || value === undefined) return { text: '–', unit: '' };
  return isShare(metric) ? { text: percent(value), unit: '%' } : { text: significant(value), unit: '' };
}

const metricNames: Record<string, string> = {
  loss: 'Loss',
  knn: 'k-NN',
  learningRate: 'Learning rate',
  gradNorm: 'Gradient norm',
  testAccuracy: 'Test accuracy',
  pairAccuracy: 'Pair accuracy',
  embeddingStd: 'Embedding std',
  embeddingSpread: 'Embedding spread',
  imagesPerSecond: 'Images/s',
};

/** "gradientNorm" reads "Gradient norm". */
export const metricTitle = (metric: string): string =>
  metricNames[metric] ??
  metric.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/^./, (first) => first.toUpperCase());

const metricMeanings: Record<string, string> = {
  loss: 'What training makes smaller. Compare it between runs of the same method only.',
  knn: 'Share of held-out images whose nearest neighbours among the training images name their class.',
  learningRate: 'How far a step moves the parameters.',
  gradNorm: 'Length of the gradient of all parameters. Sudden peaks are a sign of instability.',
  testAccuracy: 'Share of held-out images that the classifier names correctly.',
  pairAccuracy: 'How often the other view of the same image is the nearest in the batch.',
  rotationAccuracy: 'How often the turn of an image is told.',
  orderAccuracy: 'How often the order of the tiles or frames is told.',
  tileAccuracy: 'How often an image’s tiles are nearer to what is remembered of it than to any negative.',
  imageAccuracy: 'How often an image is nearer to what is remembered of it than to any negative.',
  colorAccuracy: 'How often the likeliest colour of a place is the right one. Grey is the most frequent.',
  maskRate: 'Share of the unlabelled images that the classifier is sure of, and so learns from.',
  pseudoLabels: 'Unlabelled images that are taken for labelled in this round.',
  pseudoLabelAccuracy: 'Of the labels that were guessed, and whose truth is known, the share that is right.',
  embeddingStd: 'Standard deviation of the embeddings over the batch. Zero means collapse.',
  embeddingSpread:
    'Standard deviation of the embeddings, measured against evenly spread ones. Near 0 is a collapse.',
  imagesPerSecond: 'Training images seen in a second.',
  teacherEntropy:
    'How undecided the teacher is: ln K where all prototypes are as likely, 0 where it is certain.',
  divergence: 'What the student still gets wrong: the loss without the entropy of the teacher.',
  centreNorm:
    'Length of the mean that is subtracted from the teacher. It jumps where one prototype takes over.',
};

/** One line for those who hover; undefined for a metric that is not known here. */
export const metricMeaning = (metric: string): string | undefined => metricMeanings[metric];

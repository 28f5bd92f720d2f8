/** The files of a run's pictures: step, place among the step's pictures, and caption. */

const PATTERN = /^step-(\d{6,12})-(\d{1,2})-([a-z0-9-]{1,64})\.png$/;

/** @example pictureName(123, 0, "what it sees") is "step-000123-0-what-it-sees.png" */
export function pictureName(step: number, place: number, caption: string): string {
  const words = caption
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64);
  return `step-${String(step).padStart(6, '0')}-${place}-${words}.png`;
}

/** @returns null for a file of another kind. */
export function parsePictureName(file: string): { step: number; place: number; caption: string } | null {
  const [, step, place, words] = PATTERN.exec(file) ?? [];
  if (words === undefined) return null;
  return { step: Number(step), place: Number(place), caption: words.replaceAll('-', ' ') };
}

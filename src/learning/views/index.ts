/** Views: random distortions of images, drawn on the host and computed inside the step. */
export { applyViews } from './apply';
export { VIEW_PARAMETER_COUNT } from './parameters';
export { viewRecipeSchema, type ViewRecipe } from './recipe';
export { sampleViews, type ViewPlace } from './sample';

/** Types of what Vite and Svelte import. */
/// <reference types="svelte" />
/// <reference types="vite/client" />

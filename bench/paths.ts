/** Where things are: this code runs from bench/dist. */
import { fileURLToPath } from 'node:url';

export const benchDir = fileURLToPath(new URL('..', import.meta.url));
export const distDir = fileURLToPath(new URL('.', import.meta.url));
export const rootDir = fileURLToPath(new URL('../..', import.meta.url));

// What tests and bench/ use of this package beyond its public face. No promise is made about these names.
export { startDriverThreads } from './engine/fork/drivers.js';

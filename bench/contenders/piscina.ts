import { Piscina } from 'piscina';
import type { Contender } from './contender.js';
import { threadPool } from './thread-pool.js';

export const contender: Contender = threadPool(Piscina);

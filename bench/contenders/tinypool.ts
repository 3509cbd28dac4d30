import { Tinypool } from 'tinypool';
import type { Contender } from './contender.js';
import { threadPool } from './thread-pool.js';

export const contender: Contender = threadPool(Tinypool);

import { STEPS } from './counterparts.js';
import { testCounterparts } from './same-as-serial.js';

testCounterparts(STEPS);

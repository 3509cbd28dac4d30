import { ENDS } from './counterparts.js';
import { testCounterparts } from './same-as-serial.js';

testCounterparts(ENDS);
